import { asRunId, asStageName } from '../core/brands.ts';
import type { EngineEvent, StageAction } from '../core/events.ts';
import { failure } from '../core/failure.ts';
import type { Reason } from '../core/reason.ts';

/** Events as the engine emits them, for tests of the reporters. */
const usage = { cpuSeconds: null, peakMemoryBytes: null };
const never: readonly Reason[] = [{ kind: 'never-run' }];

export const runStarted = (...stages: readonly string[]): EngineEvent => ({
  type: 'run-started',
  runId: asRunId('0'.repeat(32)),
  runName: 'brisk-heron-1',
  stages: stages.map(asStageName),
});

export const stageStarted = (stage: string, attempt = 1): EngineEvent => ({
  type: 'stage-started',
  stage: asStageName(stage),
  cmd: [`node ${stage}.js`],
  reasons: never,
  logFile: logOf(stage),
  attempt,
});

export const printed = (stage: string, text: string): EngineEvent => ({
  type: 'stage-output',
  stage: asStageName(stage),
  text,
});

interface DoneOptions {
  readonly reasons?: readonly Reason[];
  readonly seconds?: number;
  readonly madeBy?: string;
  readonly attempts?: number;
}

export const stageDone = (
  stage: string,
  action: StageAction,
  { reasons = never, seconds = 0.412, madeBy, attempts = 1 }: DoneOptions = {},
): Extract<EngineEvent, { type: 'stage-done' }> => ({
  type: 'stage-done',
  stage: asStageName(stage),
  action,
  reasons: action === 'unchanged' ? [] : reasons,
  seconds,
  usage,
  deps: [],
  outs: [],
  attempts,
  ...(action === 'ran' ? { logFile: logOf(stage) } : {}),
  ...(madeBy === undefined ? {} : { madeBy }),
});

interface FailedOptions {
  readonly exitStatus?: number | null;
  readonly signal?: string | null;
  readonly attempts?: number;
}

export const stageFailed = (
  stage: string,
  { exitStatus = 1, signal = null, attempts = 1 }: FailedOptions = {},
): Extract<EngineEvent, { type: 'stage-failed' }> => ({
  type: 'stage-failed',
  stage: asStageName(stage),
  reasons: never,
  seconds: 0.2,
  usage,
  logFile: logOf(stage),
  exitStatus,
  signal,
  attempts,
  failure: failure('wrong-usage', { problem: `the command of "${stage}" ended badly`, command: 'repro' }),
});

/** A stage that the run took down with it. */
export const stageEnded = (stage: string): Extract<EngineEvent, { type: 'stage-failed' }> => ({
  ...stageFailed(stage, { exitStatus: null, signal: 'SIGTERM' }),
  failure: failure('stage-interrupted', { cmd: `run ${stage}` }, { stage: asStageName(stage) }),
});

export const stageNotRun = (stage: string, ...needs: readonly string[]): EngineEvent => ({
  type: 'stage-not-run',
  stage: asStageName(stage),
  needs: needs.map(asStageName),
});

export const progress = (done: number, total: number, label = 'data/big.csv'): EngineEvent => ({
  type: 'progress',
  task: 'hash',
  label,
  done,
  total,
});

export const runFinished = (status: 'FINISHED' | 'FAILED' | 'KILLED' = 'FINISHED', seconds = 2.3): EngineEvent => ({
  type: 'run-finished',
  seconds,
  status,
});

export const logOf = (stage: string): string => `.mlp/logs/brisk-heron-1/${stage}.log`;
