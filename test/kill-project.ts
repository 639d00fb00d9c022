import { expect } from 'vitest';
import { findings, killAt, killPoints, type KillPoint } from './kill-points.ts';
import { step, type Rig } from './rig.ts';

/**
 * One stage with a file and a directory as outs, below `folder`. Says what they must hold, from the input alone. Of an input that says `bad`
 * the stage fails when it has made them.
 */
export class KillProject {
  readonly #rig: Rig;
  readonly #folder: string;
  #inputs = 0;

  constructor(rig: Rig, folder = '', outOptions: object = {}) {
    this.#rig = rig;
    this.#folder = folder;
    const make = 'mkdir -p Fd/e && cp in.txt Fd/e/f && cat in.txt in.txt > Fo && ! grep bad in.txt';
    const cmd = step('s', make.replaceAll('F', folder));
    rig.pipeline({
      s: { cmd, deps: ['in.txt'], outs: ['o', 'd'].map((out) => ({ [`${folder}${out}`]: outOptions })) },
    });
  }

  /** Gives the input a content of which the stage fails; `change` and `changeBack` give it a good one again. */
  changeToBad(): void {
    this.#rig.write('in.txt', 'bad\n');
  }

  /** Gives the input a content that it never had. */
  change(): void {
    this.#rig.write('in.txt', `input ${String(++this.#inputs)}\n`);
  }

  /** Gives the input an earlier content, so that the outs are restored. */
  changeBack(steps: number): void {
    this.#rig.write('in.txt', `input ${String(this.#inputs - steps)}\n`);
  }

  /** That the next `mlp repro` ends with what an undisturbed one makes, and that doctor then finds nothing. */
  async comesRight(about: string): Promise<void> {
    const rig = this.#rig;
    const { code, err } = await rig.mlp('repro');
    const input = rig.read('in.txt');
    expect([about, code, err]).toEqual([about, 0, '']);
    expect([about, rig.read(`${this.#folder}o`), rig.read(`${this.#folder}d/e/f`)]).toEqual([
      about,
      input + input,
      input,
    ]);
    const own = Object.keys(rig.tree()).filter((path) => !path.startsWith('.mlp/'));
    expect([about, own]).toEqual([about, this.#files()]);
    expect([about, await findings(rig)]).toEqual([about, []]);
  }

  #files(): string[] {
    const outs = ['d/e/f', 'o'].map((path) => `${this.#folder}${path}`);
    return [...outs, 'in.txt', 'pipeline.lock', 'pipeline.yaml'].sort();
  }

  /** Points of an undisturbed run that has to do what `prepare` makes stale. */
  async points(prepare: () => void, code = 0): Promise<KillPoint[]> {
    await this.settle();
    prepare();
    const points = await killPoints(this.#rig, ['repro'], code);
    this.#rig.ran();
    return points;
  }

  /**
   * Kills mlp at each point, from the same state each time. `afterKill` says how often the stage may run from then on, or together with the
   * run before. The steps in which the kills came, with their number. */
  async killEach(
    points: readonly KillPoint[],
    prepare: () => void,
    afterKill: () => number = () => 2,
  ): Promise<Map<string, number>> {
    const steps = new Map<string, number>();
    for (const point of points) {
      prepare();
      const step = await killAt(this.#rig, point, 'repro');
      if (step !== undefined) steps.set(step, (steps.get(step) ?? 0) + 1);
      const mostRuns = afterKill();
      await this.comesRight(
        `killed at ${step ?? 'no step'}, before ${point.call} ${String(point.nth)} or so: ${point.text}`,
      );
      expect(this.#rig.ran().length).toBeLessThanOrEqual(mostRuns);
    }
    return steps;
  }

  async settle(): Promise<void> {
    this.change();
    await this.comesRight('before any kill');
    this.#rig.ran();
  }
}

/** Where a run that has new input to work on can be killed, and the kills, each from the same state. */
export async function killsOfRun(rig: Rig): Promise<{
  readonly points: readonly KillPoint[];
  readonly kill: (points: readonly KillPoint[]) => Promise<Map<string, number>>;
}> {
  const project = new KillProject(rig);
  const prepare = (): void => {
    project.change();
  };
  return { points: await project.points(prepare), kill: (points) => project.killEach(points, prepare) };
}
