import type { OutConfig, StageConfig } from '../config/types.ts';
import { failure, type Failure } from '../core/failure.ts';
import { foldersAbove } from './out-index.ts';

/**
 * Outs that are one file, or lie one in the other, only where the file system does not tell case apart (macOS and Windows as they come):
 * there, one would overwrite the other without a word. Outs that overlap as they are written are told elsewhere.
 */
export function caseTwins(stages: readonly StageConfig[]): Failure[] {
  const bySpelling = new Map<string, { readonly out: OutConfig; readonly stage: StageConfig }>();
  for (const stage of stages) {
    for (const out of stage.outs) {
      const spelling = out.path.toLowerCase();
      if (!bySpelling.has(spelling)) bySpelling.set(spelling, { out, stage });
    }
  }
  return stages.flatMap((stage) =>
    stage.outs.flatMap((out): Failure[] => {
      const twin = [out.path, ...foldersAbove(out.path)]
        .map((place) => ({ place, found: bySpelling.get(place.toLowerCase()) }))
        .find(({ place, found }) => found !== undefined && found.out.path !== place);
      if (twin?.found === undefined) return [];
      const { out: first, stage: other } = twin.found;
      const detail = { path: out.path, stage: stage.name, twin: first.path, other: other.name, first: first.at };
      return [failure('case-twin-out', detail, { at: out.at, stage: stage.name })];
    }),
  );
}
