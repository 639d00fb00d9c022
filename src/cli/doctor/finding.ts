import type { EventSink } from '../../core/events.ts';
import type { Failure } from '../../core/failure.ts';
import { failureMessage, failureNext } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { LockHolder } from '../../execute/workspace-lock.ts';

/** `note`: worth knowing, nothing to mend. */
type Verdict = 'ok' | 'note' | 'problem';

/** One thing that was looked at. */
export interface Finding {
  readonly area: 'machine' | 'file system' | 'project' | 'cache' | 'records';
  readonly subject: string;
  readonly verdict: Verdict;
  /** What was found; one line. */
  readonly text: string;
  /** How to mend it. */
  readonly next?: string;
  /** Where it can be mended without losing anything of value: does so, and says what it did. Only for the holder of the workspace's lock. */
  readonly mend?: () => Result<string>;
}

/** Where the doctor looks. */
export interface Site {
  readonly workspace: Workspace;
  /** Leaves out what reads all bytes of the cache. */
  readonly quick: boolean;
  /** Another mlp that works here now: what it has in hand is no leftover. */
  readonly holder: LockHolder | undefined;
  readonly emit: EventSink;
}

/** A failure that a command would end with, as a finding. */
export function findingOf(area: Finding['area'], subject: string, problem: Failure): Finding {
  const { at } = problem;
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
  const next = failureNext(problem);
  return {
    area,
    subject,
    verdict: 'problem',
    text: place + failureMessage(problem),
    ...(next === undefined ? {} : { next }),
  };
}
