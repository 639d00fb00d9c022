/** Bounds that keep a hostile or mistaken file from taking the process down. Far above any real pipeline. */
export const limits = {
  /** Characters of one file. */
  fileLength: 16 * 1024 * 1024,
  /** Collections inside each other. */
  depth: 200,
  /** Values after every alias is written out. */
  nodes: 2_000_000,
} as const;
