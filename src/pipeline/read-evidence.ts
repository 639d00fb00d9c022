import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../config/read-text.ts';
import type { StageName } from '../core/brands.ts';
import { asJson } from '../core/json.ts';
import { ok, type Result } from '../core/result.ts';
import { parseLock } from '../record/lock-file.ts';
import type { Evidence, StageEvidence } from '../plan/types.ts';
import type { ParseMemo } from './memo.ts';

type Entries = readonly (readonly [StageName, StageEvidence])[];

/** What pipeline.lock says; empty when there is none. */
export async function readEvidence(root: string, lockFile: string, memo: ParseMemo): Promise<Result<Evidence>> {
  if (!existsSync(join(root, lockFile))) return ok(new Map());
  const text = readText(root, lockFile);
  if (!text.ok) return text;
  const entries = await memo.parsed('lock', text.value, async (): Promise<Result<Entries>> => {
    const parsed = await parseLock(text.value, lockFile);
    return parsed.ok ? ok([...parsed.value]) : parsed;
  });
  return entries.ok ? ok(new Map(entries.value)) : entries;
}

/** Remembers the lock file that was just written, so that the next command need not parse it. */
export function rememberEvidence(text: string, evidence: Evidence, memo: ParseMemo): void {
  memo.remember('lock', text, asJson([...evidence]));
}
