/** Bounds that keep a hostile or mistaken file from taking the process down. Far above any real pipeline. */
export const limits = {
  /** Characters of one file. */
  fileLength: 16 * 1024 * 1024,
  /** Characters of a params file in TOML or Python, which people write by hand; under a second to read. */
  handWrittenLength: 256 * 1024,
  /** Digits of one integer, as in Python: reading more takes time that grows with their square. */
  digits: 4300,
  /** Collections inside each other. */
  depth: 200,
  /** Values after every alias is written out. */
  nodes: 2_000_000,
} as const;
