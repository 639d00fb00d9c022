import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test as base } from 'vitest';

/** The command under test: this checkout's, or another one (an installed package, say) that MLP_TEST_BIN names. */
const mlpScript = resolve(process.env['MLP_TEST_BIN'] ?? 'bin/mlp.js');

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A `repro` that ended, with the stages whose commands really started, in order, and what became of each stage by name. */
export interface Reproduced extends Ended {
  readonly ran: readonly string[];
  readonly actions: Readonly<Record<string, string>>;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A stage as pipeline.yaml has it. */
export type StageSpec = Readonly<Record<string, unknown>>;

/** A temporary project whose stages tell, in a file outside of it, that they ran. */
export class Rig {
  /** Removed after the test. `project` in it is the workspace; beside it there is room for what must lie outside. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlp-e2e-')));
  root = join(this.folder, 'project');
  /** Added to the environment of every `mlp`. */
  readonly env: Record<string, string> = {};
  readonly #started: ChildProcess[] = [];

  constructor() {
    mkdirSync(this.root);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true });
  }

  /** Renames the workspace's folder. */
  move(): void {
    const from = this.root;
    this.root = join(this.folder, 'moved');
    renameSync(from, this.root);
  }

  /** All files below a folder of the project with their text, by path; a folder without files ends in `/`. */
  tree(name = '.'): Record<string, string> {
    const entries = readdirSync(this.path(name), { recursive: true, withFileTypes: true });
    const found = entries.map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      const shown = path.slice(this.path(name).length + 1);
      return statSync(path).isDirectory() ? [`${shown}/`, ''] : [shown, readFileSync(path, 'utf8')];
    });
    const isFilled = (folder: string): boolean => found.some(([path]) => path !== folder && path.startsWith(folder));
    return Object.fromEntries(found.filter(([path]) => !path.endsWith('/') || !isFilled(path)).sort());
  }

  /** Writes pipeline.yaml. JSON is YAML, so no YAML writer stands between a test and what it means. */
  pipeline(stages: Readonly<Record<string, StageSpec>>, rest: StageSpec = {}): void {
    this.write('pipeline.yaml', JSON.stringify({ stages, ...rest }, null, 2));
  }

  /** Runs `mlp` to its end, without a terminal. */
  async mlp(...words: string[]): Promise<Ended> {
    return this.start(...words).ended;
  }

  /** `mlp repro --json WORDS` and what it ran. */
  async repro(...words: string[]): Promise<Reproduced> {
    this.ran();
    const ended = await this.mlp('repro', '--json', ...words);
    const stages = (parseOrNull(ended.out) as { stages?: { stage: string; action: string }[] } | null)?.stages ?? [];
    const actions = Object.fromEntries(stages.map(({ stage, action }) => [stage, action]));
    return { ...ended, ran: this.ran(), actions };
  }

  /** The plan of `mlp status --json`: by stage. */
  async status(...words: string[]): Promise<Record<string, PlannedStage>> {
    const { out, err } = await this.mlp('status', '--json', ...words);
    const plan = parseOrNull(out) as { stages: (PlannedStage & { stage: string })[] } | null;
    if (plan === null) throw new Error(`mlp status printed no plan: ${err}`);
    return Object.fromEntries(plan.stages.map((planned) => [planned.stage, planned]));
  }

  /** Starts `mlp` and goes on. What still runs at the end of the test is killed. */
  start(...words: string[]): Running {
    return this.startProcess(process.execPath, [mlpScript, ...words]);
  }

  /** As `start`, below a shell that sets a limit first, as `ulimit -f 100`. */
  startLimited(limit: string, ...words: string[]): Running {
    return this.startBelow(['/bin/sh', '-c', `${limit}; exec "$@"`, 'sh'], ...words);
  }

  /** As `start`, as the child of another program, which gets the words of `mlp` behind its own. */
  startBelow([program, ...own]: readonly [string, ...string[]], ...words: string[]): Running {
    return this.startProcess(program, [...own, process.execPath, mlpScript, ...words]);
  }

  startProcess(program: string, words: readonly string[]): Running {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(program, words, {
      cwd: this.root,
      env: { PATH, HOME, SHELL: '/bin/sh', RAN: this.#ranLog, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#started.push(child);
    return { child, ended: endOf(child) };
  }

  /** Names that stages wrote with `step` since it was last asked for. */
  ran(): string[] {
    if (!existsSync(this.#ranLog)) return [];
    const names = readFileSync(this.#ranLog, 'utf8').split('\n').slice(0, -1);
    rmSync(this.#ranLog);
    return names;
  }

  /** Waits until a stage, the one of that name or any, has said that it runs. */
  async untilRan(name = ''): Promise<void> {
    await until(() => existsSync(this.#ranLog) && readFileSync(this.#ranLog, 'utf8').includes(`${name}\n`));
  }

  dispose(): void {
    for (const child of this.#started) if (child.exitCode === null) child.kill('SIGKILL');
    makeRemovable(this.folder);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  get #ranLog(): string {
    return join(this.folder, 'ran.log');
  }
}

/** What `mlp status` says of one stage. */
export interface PlannedStage {
  readonly action: string;
  readonly reasons: readonly (Readonly<Record<string, unknown>> & { readonly kind: string })[];
  readonly certain: boolean;
}

/** A command that says that the stage ran and then does `work`. */
export const step = (name: string, work: string): string => `echo ${name} >> "$RAN"; ${work}`;

/** in.txt -> a -> b, and c beside b. Each copies what it reads and adds its own letter. */
export const chain = {
  a: { cmd: step('a', '{ cat in.txt; echo a; } > a.txt'), deps: ['in.txt'], outs: ['a.txt'] },
  b: { cmd: step('b', '{ cat a.txt; echo b; } > b.txt'), deps: ['a.txt'], outs: ['b.txt'] },
  c: { cmd: step('c', '{ cat other.txt; echo c; } > c.txt'), deps: ['other.txt'], outs: ['c.txt'] },
};

/** Polls until the condition holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** Whether a process of this machine is there and not a zombie. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** `test` with a fresh `rig`, removed afterwards. */
export const test = base.extend<{ rig: Rig }>({
  rig: async ({}, use) => {
    const rig = new Rig();
    await use(rig);
    rig.dispose();
  },
});

async function endOf(child: ChildProcess): Promise<Ended> {
  const texts = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...texts };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Tests take write permission away from folders. */
function makeRemovable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeRemovable(join(folder, entry.name));
  }
}
