import type { EventSink } from '../../core/events.ts';
import type { Failure } from '../../core/failure.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { Interrupts } from './interrupts.ts';

/** One repro of many: what `--watch` hears of it, and how it ends it. */
export interface Round {
  readonly interrupts: Interrupts;
  /** Whether the stages were ended to begin again, which is no fault to be told. */
  readonly isRestarted: () => boolean;
  /** The pipeline could be read; nothing has been planned yet. `warn` says something in the middle of what the round shows. */
  readonly onProject: (project: Project, targets: readonly string[], warn: (text: string) => void) => Promise<void>;
  readonly hear: EventSink;
  /** Nothing could be run. */
  readonly onProblems: (problems: readonly Failure[]) => void;
  /** All is done, and the project still open. */
  readonly onEnd: (project: Project) => Promise<void>;
}
