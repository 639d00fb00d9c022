import { join } from 'node:path';
import type { StageConfig } from '../../config/types.ts';
import type { Artifact } from '../../core/artifact.ts';
import type { StageName } from '../../core/brands.ts';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import type { StageEvidence } from '../../plan/types.ts';
import { writeLock } from '../../record/lock-file.ts';
import { recordedFingerprint } from '../explain.ts';
import type { Project } from '../open-project.ts';
import { rememberEvidence } from '../read-evidence.ts';

/** Where what is taken over goes. */
export interface Keeper {
  /** Gives our cache the outs that the evidence speaks of, as far as the stage wants them kept. */
  outs(stage: StageConfig, evidence: StageEvidence): Promise<Failure | undefined>;
  /** Gives our cache what stands in the workspace. */
  standing(artifact: Artifact): Promise<boolean>;
  /** Remembers the evidence as a result that can be restored. */
  result(evidence: StageEvidence): boolean;
  lock(evidence: ReadonlyMap<StageName, StageEvidence>): Result<void>;
}

export function keeperFor(project: Project): Keeper {
  const { workspace, cache, runCache, lockFile, memo } = project;
  return {
    outs: async (stage, evidence) => {
      for (const out of evidence.outs) {
        const kept = stage.outs.find(({ path }) => path === out.path)?.cache === true;
        if (!kept || cache.has(out)) continue;
        const stored = await cache.store(out);
        if (!stored.ok) return stored.error;
      }
      return undefined;
    },
    standing: async (artifact) => (await cache.store(artifact)).ok,
    result: (evidence) => {
      const fingerprint = recordedFingerprint(evidence);
      if (runCache.find(fingerprint) !== undefined) return true;
      return runCache.remember(fingerprint, { outs: evidence.outs }).ok;
    },
    lock: (evidence) => {
      const path = join(workspace.root, lockFile);
      const written = writeLock(path, evidence, placeOf(workspace, 'temporary'));
      if (!written.ok) return written;
      rememberEvidence(written.value, evidence, memo);
      return ok(undefined);
    },
  };
}

/** Keeps nothing, for a look at what would be taken over. */
export const dryKeeper: Keeper = {
  outs: () => Promise.resolve(undefined),
  standing: () => Promise.resolve(true),
  result: () => true,
  lock: () => ok(undefined),
};
