import { exitCode } from '../exit-code.ts';
import { didYouMean, kind } from './kind.ts';

/** The store of runs and models, and what may be asked of it. */
export const trackingFailures = {
  'no-runs': kind<{ file: string }>({
    exit: exitCode.usage,
    message: () => 'no runs yet',
    next: () => 'mlp repro makes the first',
  }),
  'store-corrupt': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} is damaged: ${d.problem}`,
    next: (d) =>
      `keep it: put back a copy, or save what can be read with: sqlite3 ${d.file} .recover | sqlite3 rescued.db; then move ${d.file} aside`,
  }),
  'store-foreign': kind<{ file: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} is a SQLite database, but not one that mlp made`,
    next: () => 'name another file for the store, or move this one aside',
  }),
  'store-too-new': kind<{ file: string; version: number; known: number }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} has format ${d.version}; this mlp knows up to ${d.known}`,
    next: () => 'use the newer mlp that wrote it; nothing was changed',
  }),
  'store-busy': kind<{ file: string }>({
    exit: exitCode.busy,
    http: 503,
    message: (d) => `${d.file} is locked by another process`,
    next: () => 'wait until it is done and try again',
  }),
  'store-full': kind<{ file: string }>({
    exit: exitCode.stageFailed,
    http: 507,
    message: (d) => `the disk is full: no room to write ${d.file}`,
    next: () => 'free some space, then run the same command again; what was recorded before is intact',
  }),
  'store-unusable': kind<{ file: string; problem: string; code?: string }>({
    exit: exitCode.usage,
    message: (d) => `cannot use ${d.file}: ${d.problem}${d.code === undefined ? '' : ` (${d.code})`}`,
    next: (d) => {
      if (d.code === 'ENOENT')
        return 'outs are as the stages left them, but this run is not recorded: find what removes it, and put back a copy if you have one';
      return d.code === 'EROFS'
        ? 'make it writable (mount -o remount,rw), or work in a copy of the workspace; what was recorded before is intact'
        : 'check that the file and its folder can be read and written by this user';
    },
  }),
  'unknown-run': kind<{ reference: string; near: readonly string[] }>({
    exit: exitCode.usage,
    http: 404,
    message: (d) => `no run "${d.reference}"`,
    next: (d) => didYouMean(d.near) ?? 'mlp runs list shows them; @1 is the newest',
  }),
  'ambiguous-run': kind<{ reference: string; names: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `"${d.reference}" may be ${d.names.join(' or ')}`,
    next: () => 'write more of it',
  }),
  'param-logged-twice': kind<{ key: string; was: string; now: string }>({
    exit: exitCode.usage,
    http: 400,
    message: (d) => `param ${d.key} of this run is ${d.was} already, and cannot become ${d.now}`,
    next: () => 'params are written once; log what changes over time as a metric',
  }),
  'no-stage-log': kind<{ run: string; stage: string; file: string | null }>({
    exit: exitCode.usage,
    message: (d) =>
      d.file === null ? `stage ${d.stage} printed nothing in ${d.run}: it did not run there` : `${d.file} is gone`,
    next: (d) => `mlp runs show ${d.run} tells what its stages did`,
  }),
  'unknown-run-stage': kind<{ run: string; stage: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `run ${d.run} has no stage "${d.stage}"`,
    next: (d) => didYouMean(d.near) ?? `mlp runs show ${d.run} lists its stages`,
  }),
  'no-models': kind<object>({
    exit: exitCode.usage,
    message: () => 'no model is registered yet',
    next: () => 'name one under models: in pipeline.yaml; the next mlp repro registers its first version',
  }),
  'unknown-model': kind<{ name: string; near: readonly string[] }>({
    exit: exitCode.usage,
    http: 404,
    message: (d) => `no registered model "${d.name}"`,
    next: (d) => didYouMean(d.near) ?? 'mlp models list shows them',
  }),
  'unknown-version': kind<{ model: string; version: string; known: readonly number[] }>({
    exit: exitCode.usage,
    http: 404,
    message: (d) => `model ${d.model} has no version ${d.version}`,
    next: (d) =>
      d.known.length === 0 ? 'mlp repro registers one' : `mlp models show ${d.model}: it has v${d.known.join(', v')}`,
  }),
  'which-model': kind<{ names: readonly string[]; command: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.names.length} models are registered: ${d.names.join(', ')}`,
    next: (d) => `say which: mlp ${d.command} ${d.names[0] ?? 'MODEL'}`,
  }),
  'bad-model-reference': kind<{ reference: string }>({
    exit: exitCode.usage,
    message: (d) => `"${d.reference}" names no model version`,
    next: () => 'write MODEL, MODEL@v2, MODEL@production, or v2 when there is one model',
  }),
  'nothing-to-promote': kind<{ model: string; to: string; from: string; newest: number | null }>({
    exit: exitCode.usage,
    message: (d) => `no version of ${d.model} is in ${d.from}, from where one goes to ${d.to}`,
    next: (d) =>
      d.newest === null
        ? 'mlp repro registers one'
        : `mlp models show ${d.model}; name one to try it anyway: mlp promote ${d.model}@v${d.newest}`,
  }),
  'already-there': kind<{ model: string; version: number; stage: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.model} v${d.version} is in ${d.stage} already`,
    next: (d) => `mlp models show ${d.model} lists the others`,
  }),
  'model-moved': kind<{ model: string; what: string }>({
    exit: exitCode.busy,
    http: 409,
    message: (d) => `${d.model} changed meanwhile: ${d.what}`,
    next: () => 'nothing was moved; look at mlp models list and try again',
  }),
  'nothing-to-roll-back': kind<{ model: string; current: number | null }>({
    exit: exitCode.usage,
    message: (d) =>
      d.current === null
        ? `no version of ${d.model} is in Production`
        : `${d.model} v${d.current} is the only version that was ever in Production`,
    next: (d) =>
      d.current === null ? 'mlp promote puts one there' : `mlp models history ${d.model} tells what happened`,
  }),
  'probe-failed': kind<{ problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the model could not be measured in a fresh process: ${d.problem}`,
    next: () => 'nothing was moved; mend it and run the command again',
  }),
  'bad-condition': kind<{ condition: string; problem: string }>({
    exit: exitCode.usage,
    http: 400,
    message: (d) => `cannot search by "${d.condition}": ${d.problem}`,
    next: () => `for example: mlp runs list --where "metrics.accuracy >= 0.8" --where params.train.c=0.5`,
  }),
  'nothing-to-compare': kind<{ runs: number }>({
    exit: exitCode.usage,
    message: (d) => (d.runs === 0 ? 'no run has finished yet' : `none of the ${d.runs} runs finished`),
    next: () => 'mlp runs list shows what happened; mlp repro makes another',
  }),
  'unknown-metric': kind<{ metric: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `none of these runs has a metric "${d.metric}"`,
    next: (d) => didYouMean(d.near) ?? 'mlp runs show lists the metrics of a run',
  }),
  'test-set-missing': kind<{ path: string }>({
    exit: exitCode.usage,
    message: (d) => `the test set ${d.path} is not there, on which a promotion compares the models`,
    next: () => 'mlp repro makes it or puts it back',
  }),
};
