/** How a feature is split. Where missing values (NaN) have a bin of numbers, it is the last one. */
export const featureKind = {
  /** Numbers, none of which is missing. */
  plain: 0,
  /** Numbers that are all zero or missing, so that it matters nothing which of the two goes left. */
  zeroOrMissing: 1,
  /** Numbers whose missing ones may go left, with the lower bins, or right. */
  missing: 2,
  /** The same; and of the first bin's rows there are so many as are not in the others. */
  missingAfterRest: 3,
  /** Categories, of which a set goes left. The first bin has what is missing, unknown or rare, and always goes right. */
  categorical: 4,
} as const;
export type FeatureKind = (typeof featureKind)[keyof typeof featureKind];
