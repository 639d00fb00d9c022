import { exitCode } from '../exit-code.ts';
import { didYouMean, kind } from './kind.ts';

/** Wrong use of the command line, and what any command may meet. */
export const commandFailures = {
  'wrong-usage': kind<{ problem: string; command?: string }>({
    exit: exitCode.usage,
    message: (d) => d.problem,
    next: (d) => `mlp ${d.command === undefined ? '' : `${d.command} `}--help shows what it takes`,
  }),
  'unknown-command': kind<{ name: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `unknown command "${d.name}"`,
    next: (d) => didYouMean(d.near) ?? 'mlp --help lists the commands',
  }),
  'no-workspace': kind<{ folder: string; below?: readonly string[] }>({
    exit: exitCode.usage,
    message: ({ folder, below: [first, ...others] = [] }) =>
      `no pipeline.yaml or dvc.yaml in ${folder} or above it` +
      (first === undefined
        ? ''
        : `; below it there ${others.length === 0 ? 'is' : 'are'} ${someOf([first, ...others])}`),
    next: ({ below: [first] = [] }) =>
      first === undefined
        ? 'mlp init makes a working project'
        : `cd ${first.replace(/\/[^/]*$/, '')}, or add -f ${first}; for all of them at once, put a pipeline.yaml with "stages: {}" here`,
  }),
  'init-over-files': kind<{ folder: string; files: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `${d.folder} has files that a new project would overwrite: ${d.files.join(', ')}`,
    next: () => 'name another folder: mlp init my-project',
  }),
  'no-pipeline-file': kind<{ file: string }>({
    exit: exitCode.usage,
    message: (d) => `there is no pipeline file ${d.file}`,
    next: () => 'correct what -f names, or leave it out to take the nearest pipeline.yaml or dvc.yaml',
  }),
  'git-failed': kind<{ what: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `git could not ${d.what}: ${d.problem}`,
    next: () => 'check that this is a git repository and that the revision exists (git log)',
  }),
  interrupted: kind<{ signal: string }>({
    exit: exitCode.interrupted,
    message: (d) => `interrupted by ${d.signal}`,
    next: () => 'mlp repro goes on where it stopped',
  }),
};

const someOf = (files: readonly string[]): string =>
  files.length <= 4 ? files.join(', ') : `${files.slice(0, 3).join(', ')} and ${files.length - 3} more`;
