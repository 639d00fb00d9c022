import type { StageName } from '../core/brands.ts';

/** What becomes of the others when a stage fails: running ones may finish or are ended, and which are still started. */
export type OnFailure = 'finish-running' | 'end-running' | 'keep-going' | 'ignore';

export interface Schedule {
  /** In an order in which they can run; of several that could start, the first starts. */
  readonly order: readonly StageName[];
  /** What must have ended well before a stage starts; only those before it in `order` count. */
  readonly needs: (stage: StageName) => readonly StageName[];
  readonly concurrency: number;
  /** Does the work; false when it failed. */
  readonly work: (stage: StageName) => Promise<boolean>;
  readonly onFailure: OnFailure;
  /** Called for `end-running` with the first stage that failed. */
  readonly endRunning: (failed: StageName) => void;
  /** No stage is started any more once this is aborted. */
  readonly signal: AbortSignal;
}

/** What was left undone, in order, with the failed or undone stages that each waited for. */
export type NotRun = readonly { readonly stage: StageName; readonly needs: readonly StageName[] }[];

/**
 * Runs stages as soon as what they need is done, several at a time. After the first failure none is started, unless others are to go on:
 * then those that need the failed one are left (`keep-going`), or treated as if it had ended well (`ignore`).
 */
export async function schedule(plan: Schedule): Promise<NotRun> {
  const graph = new WaitingStages(plan);
  const running = new Map<StageName, Promise<void>>();
  const outcome = { failed: false };
  const start = (stage: StageName): void => {
    const work = plan.work(stage).then((good) => {
      running.delete(stage);
      if (good || plan.onFailure === 'ignore') graph.finish(stage);
      else if (plan.onFailure !== 'keep-going') {
        if (plan.onFailure === 'end-running' && !outcome.failed) plan.endRunning(stage);
        outcome.failed = true;
      }
    });
    running.set(stage, work);
  };
  for (;;) {
    while (!outcome.failed && !plan.signal.aborted && running.size < plan.concurrency) {
      const next = graph.takeReady();
      if (next === undefined) break;
      start(next);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return graph.left();
}

/** Which stages wait for what. Every step costs no more than the edges it touches, so that ten thousand stages stay quick. */
class WaitingStages {
  readonly #order: readonly StageName[];
  readonly #position: ReadonlyMap<StageName, number>;
  readonly #needs: ReadonlyMap<StageName, readonly StageName[]>;
  readonly #neededBy = new Map<StageName, StageName[]>();
  readonly #open = new Map<StageName, number>();
  readonly #waiting: Set<StageName>;
  readonly #done = new Set<StageName>();
  /** Positions of stages that can start, ascending. */
  readonly #ready: number[] = [];

  constructor(plan: Schedule) {
    this.#order = plan.order;
    this.#waiting = new Set(plan.order);
    this.#position = new Map(plan.order.map((stage, index) => [stage, index]));
    this.#needs = new Map(
      plan.order.map((stage, index) => [
        stage,
        plan.needs(stage).filter((name) => (this.#position.get(name) ?? index) < index),
      ]),
    );
    for (const [stage, needs] of this.#needs) {
      this.#open.set(stage, needs.length);
      for (const need of needs) this.#addDependent(need, stage);
      if (needs.length === 0) this.#ready.push(this.#position.get(stage) ?? 0);
    }
  }

  takeReady(): StageName | undefined {
    const position = this.#ready.shift();
    const stage = position === undefined ? undefined : this.#order[position];
    if (stage !== undefined) this.#waiting.delete(stage);
    return stage;
  }

  finish(stage: StageName): void {
    this.#done.add(stage);
    for (const next of this.#neededBy.get(stage) ?? []) {
      const open = (this.#open.get(next) ?? 0) - 1;
      this.#open.set(next, open);
      if (open === 0) this.#insertReady(this.#position.get(next) ?? 0);
    }
  }

  left(): NotRun {
    return [...this.#waiting].map((stage) => ({
      stage,
      needs: (this.#needs.get(stage) ?? []).filter((name) => !this.#done.has(name)),
    }));
  }

  #addDependent(need: StageName, stage: StageName): void {
    const dependents = this.#neededBy.get(need);
    if (dependents === undefined) this.#neededBy.set(need, [stage]);
    else dependents.push(stage);
  }

  #insertReady(position: number): void {
    let at = this.#ready.length;
    while (at > 0 && (this.#ready[at - 1] ?? 0) > position) at--;
    this.#ready.splice(at, 0, position);
  }
}
