import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { FileChange } from './edits.ts';
import { paramsText, pipelineText, type ModelProject } from './project.ts';

/** What a tool did with a project: whether it took it, which stages' commands ran (sorted), and what stands there afterwards. */
export interface Outcome {
  readonly good: boolean;
  readonly said: string;
  readonly ran: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** One tool with its own copy of the project. */
export interface Side {
  readonly folder: string;
  /** Runs all that is stale. */
  repro(): Promise<{ readonly good: boolean; readonly said: string }>;
}

const workerScript = join(import.meta.dirname, 'dvc_worker.py');
const mlpScript = resolve('bin/mlp.js');

/** A process that runs DVC for one case after another. */
export class DvcWorker {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string, undefined>;
  readonly #lines: Interface;

  constructor(python: string) {
    this.#child = spawn(python, [workerScript], { stdio: ['pipe', 'pipe', 'ignore'] });
    if (this.#child.stdout === null) throw new Error('no pipe');
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  async side(folder: string): Promise<Side> {
    await this.#ask({ do: 'init', folder });
    return {
      folder,
      repro: async () => {
        const { ok, why } = await this.#ask({ do: 'repro', folder });
        return { good: ok, said: why ?? '' };
      },
    };
  }

  stop(): void {
    this.#lines.close();
    this.#child.kill();
  }

  async #ask(request: { readonly do: string; readonly folder: string }): Promise<{ ok: boolean; why?: string }> {
    this.#child.stdin?.write(`${JSON.stringify({ ...request, ran: ranLog(request.folder) })}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error('DVC ended');
    return JSON.parse(answer.value) as { ok: boolean; why?: string };
  }
}

export function mlpSide(folder: string): Side {
  return {
    folder,
    repro: async () => {
      const { PATH = '', HOME = '' } = process.env;
      const child = spawn(process.execPath, [mlpScript, 'repro'], {
        cwd: folder,
        env: { PATH, HOME, SHELL: '/bin/sh', RAN: ranLog(folder) },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const [code] = (await once(child, 'close')) as [number | null];
      return { good: code === 0, said };
    },
  };
}

/** Brings a folder to what the model says, writing only files whose text differs, and then does what the edit did to files. */
export function writeProject(folder: string, project: ModelProject, changes: readonly FileChange[] = []): void {
  const texts = { ...project.sources, 'dvc.yaml': pipelineText(project), 'params.yaml': paramsText(project) };
  for (const [path, text] of Object.entries(texts)) {
    const file = join(folder, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const change of changes) apply(folder, change);
}

function apply(folder: string, change: FileChange): void {
  const file = join(folder, change.path);
  if (!existsSync(file)) return;
  if (change.kind === 'touch') utimesSync(file, new Date(), new Date());
  else if (change.kind === 'append') appendFileSync(file, change.text);
  else rmSync(file, { recursive: true });
}

export async function reproduce(side: Side): Promise<Outcome> {
  rmSync(ranLog(side.folder), { force: true });
  const { good, said } = await side.repro();
  const log = ranLog(side.folder);
  const ran = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1).sort() : [];
  return { good, said, ran, files: filesOf(side.folder) };
}

/** Beside the project, so that no tool takes it for a part of it. */
const ranLog = (folder: string): string => `${folder}.ran`;

/** Names of either tool, which the other one has not. */
const ofATool = /^(\.mlp|\.dvc|\.dvcignore|dvc\.lock|pipeline\.lock)(\/|$)|(^|\/)\.gitignore$/;

function filesOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (ofATool.test(entry) || statSync(join(folder, entry)).isDirectory()) continue;
    found[entry] = readFileSync(join(folder, entry), 'utf8');
  }
  return found;
}
