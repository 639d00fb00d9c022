import { exitCode } from '../exit-code.ts';
import { kind } from './kind.ts';

/** Downloads and the files they make. */
export const transferFailures = {
  'invalid-url': kind<{ url: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot import from "${d.url}": ${d.problem}`,
    next: () => 'give an address as https://host/file.csv, http://host/file.csv or file:///folder/file.csv',
  }),
  'invalid-mirror': kind<{ value: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `MLP_IMPORT_MIRROR is "${d.value}": ${d.problem}`,
    next: () => 'set it to a folder or to the beginning of an http address, or unset it',
  }),
  'download-failed': kind<{ url: string; problem: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `could not download ${d.url}: ${d.problem}`,
    next: () => 'try again; where the network is closed, MLP_IMPORT_MIRROR names a folder or an address to ask first',
  }),
  'download-refused': kind<{ url: string; status: number; text: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.url} answered ${d.status}${d.text === '' ? '' : ` (${d.text})`}`,
    next: (d) => (d.status < 500 ? 'check the address' : 'try again later'),
  }),
  'download-different': kind<{ url: string; expected: string; found: string }>({
    exit: exitCode.usage,
    message: (d) =>
      `${d.url} holds other content than asked for: SHA-256 ${d.found.slice(0, 12)}.., not ${d.expected.slice(0, 12)}..`,
    next: (d) => `nothing was kept; if the new content is right, import it with --sha256 ${d.found}`,
  }),
  'download-too-large': kind<{ url: string; bytes: number; limit: number }>({
    exit: exitCode.usage,
    message: (d) => `${d.url} has ${d.bytes} bytes or more, and the limit is ${d.limit}`,
    next: () => '--max-size raises the limit',
  }),
  'import-path-taken': kind<{ path: string; why: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.path} is there already, and ${d.why}`,
    next: () => 'import under another path, or replace it with --force',
  }),
  'not-imported': kind<{ path: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.path} was not imported: there is no ${d.path}.mlp`,
    next: () => 'name a file that mlp import-url fetched',
  }),
  'import-path-unusable': kind<{ path: string; why: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot import to "${d.path}": ${d.why}`,
    next: () => 'name a file inside the project: mlp import-url URL data/file.csv',
  }),
  'import-record-invalid': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} is no import record: ${d.problem}`,
    next: (d) => `restore it with git checkout ${d.file}, or import again`,
  }),
  'import-missing': kind<{ path: string; record: string }>({
    exit: exitCode.usage,
    message: (d) => `dep ${d.path} is not here; ${d.record} says where it comes from`,
    next: () => 'mlp repro fetches it',
  }),
  'data-missing': kind<{ path: string; record: string }>({
    exit: exitCode.usage,
    message: (d) => `dep ${d.path} is not here; ${d.record} says what it held`,
    next: () => 'mlp repro and mlp checkout put it back from the cache',
  }),
  'dep-left-folder': kind<{ path: string; folder: string; record: string }>({
    exit: exitCode.usage,
    message: (d) => `dep ${d.path} is gone from ${d.folder}; ${d.record} says that it was there`,
    next: (d) => `mlp checkout ${d.folder} puts it back; mlp add ${d.folder} keeps the folder as it is now`,
  }),
  'import-interrupted': kind<{ url: string }>({
    exit: exitCode.interrupted,
    message: (d) => `interrupted while downloading ${d.url}; nothing of it was kept`,
    next: () => 'run the same command again',
  }),
};
