import type { StageName } from '../core/brands.ts';

/** Why running stages are ended: one of them failed, and the others are not to be waited for. */
class StageFailedFirst extends Error {
  readonly stage: StageName;

  constructor(stage: StageName) {
    super(`${stage} failed`);
    this.stage = stage;
  }
}

/** Ends the stages that listen to `signal`, on an interrupt from outside or because one of them failed. */
export interface RunningStages {
  readonly signal: AbortSignal;
  endBecause(failed: StageName): void;
}

export function runningStages(interrupted: AbortSignal): RunningStages {
  const controller = new AbortController();
  return {
    signal: AbortSignal.any([interrupted, controller.signal]),
    endBecause: (failed) => {
      controller.abort(new StageFailedFirst(failed));
    },
  };
}

/** The stage whose failure ended the others; undefined when they were interrupted from outside, or go on. */
export const failedStage = ({ reason }: AbortSignal): StageName | undefined =>
  reason instanceof StageFailedFirst ? reason.stage : undefined;
