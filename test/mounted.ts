import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'vitest';

/** Runs `use` while a small file system of its own is mounted at `folder`; where mounting is refused the test is skipped, and says why. */
export async function withMounted(
  { skip }: Pick<TestContext, 'skip'>,
  { folder, megabytes }: { readonly folder: string; readonly megabytes: number },
  use: () => Promise<void>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const why = mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
  if (why !== undefined) {
    process.stderr.write(`no file system of its own for this test: ${why}\n`);
    skip(why);
    return;
  }
  try {
    await use();
  } finally {
    // Lazily: what a failed test left running may still hold it.
    spawnSync('umount', ['-l', folder]);
  }
}

/** Forbids, or allows again, all writing to a file system that is mounted there. */
export function remount(folder: string, how: 'ro' | 'rw'): void {
  const why = mount('-o', `remount,${how}`, folder);
  if (why !== undefined) throw new Error(why);
}

/** Why it was refused; undefined when it was done. */
function mount(...words: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync('mount', words, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
