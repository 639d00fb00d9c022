import { spawn, type ChildProcess } from 'node:child_process';
import { uptime } from 'node:os';
import { parseTimes } from './shell.ts';

/** How a command that the shell was given ended: with a status, or together with the shell itself. */
export interface ShellAnswer {
  readonly exitStatus: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Of all that the command ran; null when the shell could not say it any more. */
  readonly cpuSeconds: number | null;
}

/**
 * A /bin/sh in a process group of its own that runs commands for mlp, one after another. To start a process, the system copies the
 * page tables of the one that asks: that takes Node milliseconds in which nothing else happens, and a small shell almost no time.
 * It reads what to run from a pipe: when mlp is gone it ends after the command that it runs, and begins no other.
 */
export class CommandShell {
  /** Its process group, which is that of its commands. */
  readonly group: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<ShellAnswer>;
  #text = '';
  #heard: (() => void) | undefined;
  #cpuBefore = 0;
  #commands = 0;

  private constructor(child: ChildProcess, group: number) {
    this.group = group;
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (exitStatus, signal) => {
        resolve({ exitStatus, signal, cpuSeconds: null });
      });
    });
    const answers = child.stdio[3];
    if (answers !== null && answers !== undefined && 'on' in answers) {
      answers.on('data', (chunk: Buffer) => {
        this.#text += chunk.toString('latin1');
        this.#heard?.();
      });
      answers.on('error', () => undefined);
    }
  }

  /** Starts a shell; a text says why the system refused it. */
  static async start(options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  }): Promise<CommandShell | string> {
    const stdio: ('pipe' | 'ignore')[] = ['pipe', 'ignore', 'ignore', 'pipe'];
    const child = spawn('/bin/sh', ['-s'], { ...options, detached: true, stdio });
    // It may be killed before it reads what it is sent; that shows in how it ends.
    child.stdin?.on('error', () => undefined);
    if (child.pid !== undefined) return new CommandShell(child, child.pid);
    return new Promise((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        // Of the shell and the folder it starts in, it is the folder that may be missing.
        resolve(error.code === 'ENOENT' ? 'its folder does not exist' : error.message);
      });
    });
  }

  /** Runs one shell command, which must be in a line of its own or quoted, to its end. One at a time. */
  async run(script: string): Promise<ShellAnswer> {
    this.#text = '';
    this.#commands++;
    const answered = new Promise<ShellAnswer>((resolve) => {
      this.#heard = () => {
        // The status, and the two lines of `times`.
        const lines = this.#text.split('\n');
        if (lines.length > 3) resolve(this.#answerOf(lines));
      };
    });
    this.#child.stdin?.write(`${script} </dev/null 3>&-\necho "$?" >&3; times >&3\n`);
    return Promise.race([answered, this.#ended]);
  }

  /**
   * Since when, in seconds since boot, a process of the group can belong to the next command; null when no command ran before it, so
   * that all of the group belong to it.
   */
  nextBegins(): number | null {
    return this.#commands === 0 ? null : uptime();
  }

  /** False when something ended it. */
  get lives(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lets the shell end by itself, when it has run what it was sent. */
  close(): void {
    this.#child.stdin?.end();
    this.#child.stdin?.destroy();
  }

  #answerOf([status, ...times]: readonly string[]): ShellAnswer {
    const cpu = parseTimes(times.join('\n'));
    const cpuSeconds = cpu === null ? null : cpu - this.#cpuBefore;
    this.#cpuBefore = cpu ?? this.#cpuBefore;
    return { exitStatus: Number(status), signal: null, cpuSeconds };
  }
}

/** Where processes tell when they began, those of one command can be told from what an earlier one left in the group. */
const canBeUsedAgain = process.platform === 'linux';

/** Shells of one environment that wait for commands; as many as commands run at one time. */
export class CommandShells {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly #idle: CommandShell[] = [];

  constructor(options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> }) {
    this.cwd = options.cwd;
    this.env = options.env;
  }

  /** A shell for one command; a text says why there is none. */
  async take(): Promise<CommandShell | string> {
    const idle = this.#idle.pop();
    return idle?.lives === true ? idle : CommandShell.start({ cwd: this.cwd, env: this.env });
  }

  /** Takes back a shell whose command ended well. Any other is closed: what it started may still hold on to it. */
  giveBack(shell: CommandShell): void {
    if (canBeUsedAgain) this.#idle.push(shell);
    else shell.close();
  }

  close(): void {
    for (const shell of this.#idle.splice(0)) shell.close();
  }
}
