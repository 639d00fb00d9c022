import { exitCode } from '../exit-code.ts';
import { isFull } from '../refusal.ts';
import { didYouMean, kind } from './kind.ts';

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Planning, running, caching and recording stages. */
export const engineFailures = {
  'file-access': kind<{ what: string; path: string; where?: string; why: string; code: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `cannot ${d.what} ${d.path}${d.where === undefined ? '' : ` in ${d.where}`}: ${d.why} (${d.code})`,
    next: (d) => {
      if (isFull(d.code)) return 'free some space, then run the same command again: nothing is half-written';
      const then = 'then run the same command again';
      if (d.code === 'EROFS') return `make it writable (mount -o remount,rw), or work in a copy elsewhere; ${then}`;
      if (d.code === 'EACCES') return `give this user the right to write there, ${then}`;
      return `mend that, ${then}`;
    },
  }),
  'untrackable-file': kind<{ path: string; why: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot track ${d.path}: ${d.why}`,
    next: () => 'move it out of the folder, or name the files that matter as deps or outs of their own',
  }),
  'outside-workspace': kind<{ path: string }>({
    exit: exitCode.usage,
    message: (d) => `refusing to touch ${d.path}: it lies outside the workspace, or leads out of it through a link`,
    next: () => 'use a path inside the folder of the pipeline file',
  }),
  'missing-dep': kind<{ path: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `dep ${d.path} does not exist, and no stage makes it`,
    next: (d) => didYouMean(d.near) ?? 'create it, or correct the path in the pipeline file',
  }),
  'dep-not-selected': kind<{ path: string; by: string }>({
    exit: exitCode.usage,
    message: (d) => `dep ${d.path} is not there: stage ${d.by} makes it, and was not selected`,
    next: (d) => `mlp repro ${d.by} first, or select it too`,
  }),
  'dep-of-failed': kind<{ path: string; by: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `dep ${d.path} is not there: stage ${d.by}, which makes it, failed`,
    // The failure of that stage says what to do.
    next: () => undefined,
  }),
  'missing-param': kind<{ file: string; key: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `param ${d.key} is not in ${d.file}`,
    next: (d) => didYouMean(d.near) ?? `add it to ${d.file}, or remove it from the stage`,
  }),
  'frozen-out-missing': kind<{ path: string }>({
    exit: exitCode.usage,
    message: (d) => `out ${d.path} of a frozen stage is missing, and the cache does not have it`,
    next: () => 'mlp unfreeze lets the stage run again',
  }),
  'nothing-to-commit': kind<{ path: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot record a result: ${d.path} is not there`,
    next: () => 'mlp repro makes it, or puts it back',
  }),
  'not-as-recorded': kind<{ differences: readonly { stage: string; why: string }[] }>({
    exit: exitCode.usage,
    message: (d) =>
      `not as recorded, and left so: ${d.differences.map(({ stage, why }) => `${stage} (${why})`).join('; ')}`,
    next: () => 'mlp commit --force records what stands now as the results; mlp repro makes them anew',
  }),
  'cannot-freeze': kind<{ name: string; problem: string; group: string | undefined }>({
    exit: exitCode.usage,
    message: (d) => `cannot change "frozen" of ${d.name}: ${d.problem}`,
    next: (d) => (d.group === undefined ? undefined : `name the group instead: ${d.group}`),
  }),
  'command-failed': kind<{
    exitStatus: number | null;
    signal: string | null;
    cmd: string;
    attempts: number;
    /** Whether there was no room left for what it printed. */
    logCut?: true;
    /** A package of Node that it did not find, and the folder whose package.json asks for it. */
    missing?: { readonly name: string; readonly folder: string };
  }>({
    exit: exitCode.stageFailed,
    message: (d) =>
      `${d.signal === null ? `exit ${d.exitStatus ?? '?'}` : `killed by ${d.signal}`}${d.attempts > 1 ? ` after ${plural(d.attempts, 'attempt')}` : ''}: ${d.cmd}`,
    next: (d) =>
      d.logCut === true
        ? 'free some space on the disk, which is full; then mlp repro, and nothing was lost but the end of that log'
        : d.missing === undefined
          ? 'mend what its log says, then mlp repro'
          : `the package ${d.missing.name} is not installed: run npm install in ${d.missing.folder}, then mlp repro`,
  }),
  'command-timeout': kind<{ seconds: number; cmd: string; attempts: number }>({
    exit: exitCode.stageFailed,
    message: (d) =>
      `ended after its timeout of ${d.seconds} s${d.attempts > 1 ? `, ${plural(d.attempts, 'attempt')}` : ''}: ${d.cmd}`,
    next: () => 'raise "timeout" of the stage, or make the command faster',
  }),
  'command-not-started': kind<{ problem: string; cmd: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `could not start: ${d.problem}: ${d.cmd}`,
    next: () => 'check the shell and the stage\'s "wdir"',
  }),
  'undeclared-files': kind<{ files: number }>({
    exit: exitCode.stageFailed,
    message: (d) => `used ${plural(d.files, 'path')} that it does not declare`,
    next: () => 'add the lines above to pipeline.yaml, or mlp repro without --trace=strict',
  }),
  'trace-unavailable': kind<{ why: string }>({
    exit: exitCode.usage,
    message: (d) => `--trace: ${d.why}`,
    next: (d) =>
      d.why.includes('installed')
        ? 'install the package strace (apt-get install strace, dnf install strace, apk add strace)'
        : d.why.includes('Linux')
          ? 'run without --trace, or in a Linux container'
          : 'allow it to trace processes (docker run --cap-add SYS_PTRACE), or run without --trace',
  }),
  'cannot-watch': kind<{ why: string; code: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `cannot watch files: ${d.why}`,
    next: (d) =>
      d.code === 'ENOSPC' || d.code === 'EMFILE'
        ? 'raise the limit (sysctl fs.inotify.max_user_watches=524288), or set CHOKIDAR_USEPOLLING=1'
        : 'mend that, then run the same command again',
  }),
  'stage-interrupted': kind<{ cmd: string }>({
    exit: exitCode.interrupted,
    message: (d) => `ended because the run was interrupted: ${d.cmd}`,
    // The command as a whole says how to go on.
    next: () => undefined,
  }),
  'stage-ended': kind<{ cmd: string; by: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `ended because ${d.by} failed: ${d.cmd}`,
    // The failure of that stage says what to do.
    next: () => undefined,
  }),
  'out-not-made': kind<{ paths: readonly string[] }>({
    exit: exitCode.stageFailed,
    message: (d) => `the command ended well but did not make ${d.paths.join(', ')}`,
    next: () => 'write it in the command, or correct "outs" in the pipeline file',
  }),
  'out-changed-while-stored': kind<{ path: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `out ${d.path} changed while it was being stored: something still writes to it`,
    next: () => 'make the command wait for the processes that it starts',
  }),
  'cache-object-corrupt': kind<{ path: string; hash: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `the cached copy of ${d.path} (${d.hash.slice(0, 8)}) was damaged and has been set aside`,
    next: () => 'mlp repro makes it again',
  }),
  'cache-object-missing': kind<{ path: string; hash: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `the cache does not have ${d.path} (${d.hash.slice(0, 8)})`,
    next: () => 'mlp repro makes it again',
  }),
  'lock-file-conflict': kind<{ file: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} has merge-conflict markers`,
    next: () => 'mlp repro rebuilds it from the run cache, running only what was never built',
  }),
  'lock-file-invalid': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} cannot be read: ${d.problem}`,
    next: (d) => `restore it with git checkout ${d.file}, or delete it: mlp repro rebuilds it from the run cache`,
  }),
  'lock-file-newer': kind<{ file: string; schema: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} was written by a newer mlp (schema ${d.schema})`,
    next: () => 'install the newer mlp; this one would lose what it does not know',
  }),
  'workspace-busy': kind<{ pid: number; host: string; command: string }>({
    exit: exitCode.busy,
    message: (d) => `another mlp works in this folder: ${d.command} (process ${d.pid} on ${d.host})`,
    next: () => 'wait for it (mlp repro --wait), or end it; its work so far is kept',
  }),
  'wait-interrupted': kind<{ pid: number; host: string; command: string }>({
    exit: exitCode.interrupted,
    message: (d) =>
      `interrupted while waiting for ${d.command} (process ${d.pid} on ${d.host}); nothing was changed here`,
    next: () => undefined,
  }),
  'model-not-a-folder': kind<{ model: string; path: string }>({
    exit: exitCode.usage,
    message: (d) => `model ${d.model}: ${d.path} is a file, not a model package`,
    next: () => 'name the folder that holds model.json as "path" of the model',
  }),
  'unknown-stage': kind<{ name: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `no stage is called "${d.name}"`,
    next: (d) => didYouMean(d.near) ?? 'mlp stage list shows the stages',
  }),
};
