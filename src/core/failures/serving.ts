import { exitCode } from '../exit-code.ts';
import { kind } from './kind.ts';

/** The prediction server: what keeps it from starting, and what it refuses. */
export const servingFailures = {
  'no-model-to-serve': kind<{ model?: string; stage: string }>({
    exit: exitCode.usage,
    http: 503,
    message: (d) => `no ${d.model === undefined ? 'model' : `version of ${d.model}`} is in ${d.stage}`,
    next: (d) =>
      d.stage === 'production'
        ? 'mlp promote puts one there, --stage staging serves a candidate, --package DIR serves a folder'
        : 'mlp repro registers one, mlp models list shows what there is, --package DIR serves a folder',
  }),
  'example-not-reproduced': kind<{ model: string; version: string; expected: string; got: string }>({
    exit: exitCode.usage,
    http: 503,
    message: (d) =>
      `${d.model} ${d.version} does not reproduce its stored example: expected ${d.expected}, got ${d.got}`,
    next: () => 'the package is damaged or was written by another version of mlp: train it again',
  }),
  'port-in-use': kind<{ host: string; port: number }>({
    exit: exitCode.usage,
    message: (d) => `port ${d.port} of ${d.host} is in use`,
    next: () => 'stop the other server, or choose another: --port N (0 takes a free one)',
  }),
  'cannot-listen': kind<{ host: string; port: number; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot listen on ${d.host} port ${d.port}: ${d.problem}`,
    next: () => 'check --host and --port; ports below 1024 need special rights',
  }),
  'texts-unreadable': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot read texts from ${d.file}: ${d.problem}`,
    next: () => 'give a UTF-8 file with one text a line, a .csv with --column NAME, or - for standard input',
  }),
  'bad-request': kind<{ problem: string; next?: string }>({
    exit: exitCode.usage,
    http: 400,
    message: (d) => d.problem,
    next: (d) => d.next,
  }),
  'bad-json': kind<{ problem: string }>({
    exit: exitCode.usage,
    http: 400,
    message: (d) => `the body is not acceptable JSON: ${d.problem}`,
    next: () => 'send one JSON object in UTF-8',
  }),
  'bad-text': kind<{ where: string; problem: string }>({
    exit: exitCode.usage,
    http: 400,
    message: (d) => `${d.where} ${d.problem}`,
    next: () => 'every text is a string of valid Unicode without null characters',
  }),
  'text-too-long': kind<{ where: string; length: number; limit: number }>({
    exit: exitCode.usage,
    http: 413,
    message: (d) => `${d.where} has ${d.length} characters, the limit is ${d.limit}`,
    next: () => 'shorten it, or start the server with a larger --max-text-length',
  }),
  'too-many-texts': kind<{ count: number; limit: number }>({
    exit: exitCode.usage,
    http: 413,
    message: (d) => `${d.count} texts in one request, the limit is ${d.limit}`,
    next: () => 'send them in several requests, or start the server with a larger --max-texts',
  }),
  'body-too-large': kind<{ limit: number }>({
    exit: exitCode.usage,
    http: 413,
    message: (d) => `the body is larger than ${d.limit} bytes`,
    next: () => 'send fewer texts at a time, or start the server with a larger --max-body',
  }),
  'unsupported-content-type': kind<{ got: string; takes: readonly string[] }>({
    exit: exitCode.usage,
    http: 415,
    message: (d) => `the body's type ${d.got} is not taken here`,
    next: (d) => `send Content-Type: ${d.takes.join(' or ')}`,
  }),
  'unknown-route': kind<{ method: string; path: string }>({
    exit: exitCode.usage,
    http: 404,
    message: (d) => `there is nothing at ${d.method} ${d.path}`,
    next: () => 'GET / lists the routes',
  }),
  'wrong-method': kind<{ method: string; path: string; allowed: readonly string[] }>({
    exit: exitCode.usage,
    http: 405,
    message: (d) => `${d.path} does not take ${d.method}`,
    next: (d) => `use ${d.allowed.join(' or ')}`,
  }),
  'not-served': kind<{ model: string; version?: string; serving: string }>({
    exit: exitCode.usage,
    http: 404,
    message: (d) => `model ${d.model}${d.version === undefined ? '' : ` version ${d.version}`} is not served here`,
    next: (d) => `this server has ${d.serving}`,
  }),
  'no-model-loaded': kind<Record<string, never>>({
    exit: exitCode.usage,
    http: 503,
    message: () => 'no model is loaded yet',
    next: () => 'try again in a moment; GET /ready says when there is one',
  }),
  'server-busy': kind<{ limit: number }>({
    exit: exitCode.usage,
    http: 503,
    message: (d) => `${d.limit} requests are being answered already`,
    next: () => 'try again after the seconds that Retry-After says, or start the server with a larger --max-requests',
  }),
};
