import type { JsonObject, JsonValue } from '../../core/json.ts';

/** Raised when a reader of the version before could not read what is written now. */
export const formatVersion = 2;

/** From each older version of model.json to the next. What a version did not have is told as not known, never made up. */
const steps: Readonly<Record<number, (description: JsonObject) => JsonObject>> = {
  // 2 added the profile of the training data.
  1: (description) => ({ ...description, profile: null }),
};

export const isReadableVersion = (version: JsonValue | undefined): version is number =>
  typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= formatVersion;

/** A description of an older version as the present one would have it. Its hash was checked before. */
export function migrate(description: JsonObject, version: number): JsonObject {
  let current = description;
  for (let from = version; from < formatVersion; from++) current = steps[from]?.(current) ?? current;
  return current;
}
