import { asFingerprint, type Fingerprint } from '../core/brands.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import type { Artifact } from '../core/artifact.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { StageEvidence } from './types.ts';

/** What decides a stage's result; two stages with equal records are the same work, in whatever pipeline they stand. */
interface StageRecord {
  /** Another command makes another result. */
  readonly cmd: readonly string[];
  /** The folder the command runs in decides what its relative names mean. */
  readonly wdir: string;
  /** Path and content of all that it reads; the paths because the command may name them. */
  readonly deps: readonly Artifact[];
  readonly params: StageEvidence['params'];
  /** Variables that the stage declares. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it writes: the same work with other outs leaves other files. Their kind (metric, plot) is display only. */
  readonly outs: readonly string[];
}

/** SHA-256 of the stage's canonical record. Order of deps, outs and keys does not matter. */
export function fingerprintOf(record: StageRecord): Fingerprint {
  const canonical: JsonValue = {
    // Raised when the meaning of the record changes, so that old results are not taken for new ones.
    version: 1,
    cmd: record.cmd,
    wdir: record.wdir,
    deps: [...record.deps]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, hash, files, executable }) => ({
        path,
        hash,
        folder: files !== undefined,
        executable: executable === true,
      })),
    params: record.params as JsonValue,
    env: record.env,
    outs: [...record.outs].sort(),
  };
  return asFingerprint(hashBytes(canonicalJson(canonical)));
}
