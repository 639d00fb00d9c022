import type { RunId } from '../core/brands.ts';
import type { ModelVersion } from '../registry/types.ts';

/** `v2 staging`, or `sentiment v2 staging` where there are several models. */
export const versionLabel = (version: ModelVersion, named: boolean): string =>
  `${named ? `${version.model} ` : ''}v${version.version} ${version.stage.toLowerCase()}`;

/** The label of each run's models, for a column. */
export function versionLabels(versions: ReadonlyMap<RunId, readonly ModelVersion[]>): Map<RunId, string> {
  const names = new Set([...versions.values()].flatMap((ofRun) => ofRun.map(({ model }) => model)));
  return new Map(
    [...versions].map(([id, ofRun]) => [id, ofRun.map((version) => versionLabel(version, names.size > 1)).join(', ')]),
  );
}
