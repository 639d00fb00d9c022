import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { exitCode } from '../../core/exit-code.ts';
import { failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { styleFor } from '../../report/style.ts';
import type { RunDetail, StageRow } from '../../tracking/types.ts';
import type { CliContext, Output } from '../context.ts';
import { withRuns } from '../stores.ts';

interface Asked {
  readonly run: string;
  readonly stage: string | undefined;
  readonly json: boolean;
}

interface StageLog {
  readonly stage: string;
  /** Absolute. */
  readonly file: string;
}

/** `mlp runs log`: the logs as they are, each with its stage in front when there are several. */
export async function logOfRun(context: CliContext, asked: Asked): Promise<void> {
  const logs = await withRuns(context, async ({ workspace, runs }) => {
    const run = await runs.findRun(asked.run);
    return run.ok ? logsOf(run.value, asked.stage, workspace.root) : run;
  });
  if (!logs.ok) {
    context.finish(context.fail(logs.error));
    return;
  }
  if (asked.json) context.out.write(`${JSON.stringify(logs.value, null, 2)}\n`);
  else printLogs(context.out, logs.value);
  context.finish(exitCode.done);
}

function logsOf(run: RunDetail, asked: string | undefined, root: string): Result<StageLog[]> {
  const chosen = chooseStages(run, asked);
  if (!chosen.ok) return chosen;
  const logs = chosen.value.flatMap(({ stage, logFile }) =>
    logFile === null ? [] : [{ stage, file: join(root, logFile), shown: logFile }],
  );
  const [first] = chosen.value;
  if (logs.length === 0) return err(failure('no-stage-log', { run: run.name, stage: first?.stage ?? '', file: null }));
  const gone = logs.find(({ file }) => !existsSync(file));
  if (gone !== undefined) return err(failure('no-stage-log', { run: run.name, stage: gone.stage, file: gone.shown }));
  return ok(logs.map(({ stage, file }) => ({ stage, file })));
}

/** The stage that was named, else those that failed, else those with a log. */
function chooseStages(run: RunDetail, asked: string | undefined): Result<StageRow[]> {
  if (asked !== undefined) {
    const row = run.stages.find(({ stage }) => stage === asked);
    if (row !== undefined) return ok([row]);
    const names = run.stages.map(({ stage }) => stage);
    return err(failure('unknown-run-stage', { run: run.name, stage: asked, near: nearestNames(asked, names) }));
  }
  const failed = run.stages.filter(({ action }) => action === 'failed');
  if (failed.length > 0) return ok(failed);
  const logged = run.stages.filter(({ logFile }) => logFile !== null);
  return ok(logged.length > 0 ? logged : run.stages.slice(0, 1));
}

function printLogs(out: Output, logs: readonly StageLog[]): void {
  const { bold } = styleFor(out.colour);
  for (const [index, { stage, file }] of logs.entries()) {
    if (logs.length > 1) out.write(`${index === 0 ? '' : '\n'}${bold(`== ${stage} ==`)}\n`);
    printFile(out, file);
  }
}

/** Piece by piece: a log may be larger than a string can be. */
function printFile(out: Output, file: string): void {
  const handle = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const piece = Buffer.alloc(1 << 16);
  try {
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      out.write(decoder.write(piece.subarray(0, read)));
    }
    out.write(decoder.end());
  } finally {
    closeSync(handle);
  }
}
