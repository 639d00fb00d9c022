import { exitCode } from '../exit-code.ts';
import { kind } from './kind.ts';

const shortList = (files: readonly string[]): string =>
  files.length <= 3 ? files.join(', ') : `${files.slice(0, 2).join(', ')} and ${files.length - 2} more files in it`;

/** Data that no stage makes, and commands over the cache. */
export const dataFailures = {
  'data-not-cached': kind<{ path: string; record: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `the cache does not have what ${d.record} says of ${d.path}`,
    next: (d) => `copy the right ${d.path} here from where it was added; ${d.record} tells its hash`,
  }),
  'dvc-file-invalid': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} cannot be read: ${d.problem}`,
    next: (d) => `restore it with git checkout ${d.file}, or remove it and track the data with mlp add`,
  }),
  'dvc-object-corrupt': kind<{ path: string; file: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `DVC's cached copy of ${d.path} does not have the MD5 that its name says: ${d.file}`,
    next: () => 'remove that file; dvc pull may have a good one',
  }),
  'unsaved-data': kind<{ path: string; files: readonly string[] }>({
    exit: exitCode.stageFailed,
    message: (d) =>
      d.files.length === 1 && d.files[0] === d.path
        ? `${d.path} was changed, and no cache has it as it is now: left alone`
        : `${d.path} was changed, and no cache has ${shortList(d.files)}: left alone`,
    next: () => 'save a copy, or --force to lose it; mlp add and mlp commit keep what should stay',
  }),
  'not-confirmed': kind<{ what: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.what} was not agreed to: nothing was removed`,
    next: () => 'agree with --yes, or look with --dry',
  }),
  'nothing-of-dvc': kind<Record<string, never>>({
    exit: exitCode.usage,
    message: () => 'there is no dvc.lock beside the pipeline file, and no .dvc folder here or above',
    next: () => 'call it in the folder of the DVC project, where dvc.yaml is',
  }),
  'cannot-add': kind<{ path: string; why: string; next: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot add ${d.path}: ${d.why}`,
    next: (d) => d.next,
  }),
};
