import { join } from 'node:path';
import { placeOf } from '../core/workspace.ts';
import type { Evidence } from '../plan/types.ts';
import { LockWriter, type LockText } from '../record/lock-writer.ts';
import type { Project } from './open-project.ts';
import { rememberEvidence } from './read-evidence.ts';

/** Writes the project's lock file, beginning with what it holds; entries of stages that are gone go with the next write. */
export function lockWriterFor(project: Project, evidence: Evidence): Pick<LockWriter, 'note' | 'flush'> {
  // Only the last text is worth remembering, and it may be large.
  let last: Parameters<LockText> | undefined;
  const writer = new LockWriter({
    path: join(project.workspace.root, project.lockFile),
    scratch: placeOf(project.workspace, 'temporary'),
    evidence,
    keep: new Set(project.graph.stages.map((stage) => stage.name)),
    onText: (...text) => {
      last = text;
    },
  });
  return {
    note: (stage, noted) => {
      writer.note(stage, noted);
    },
    flush: () => {
      const written = writer.flush();
      if (last !== undefined) rememberEvidence(...last, project.memo);
      return written;
    },
  };
}
