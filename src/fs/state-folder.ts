import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below `.mlp` is this machine's own, but for the configuration; this file too, or a first run would leave git something to add. */
const gitignore = '*\n!config.yaml\n';

/** Makes the folder that mlp keeps its state in, hidden from git. Throws the system's error. */
export function ensureStateFolder(root: string): void {
  const folder = join(root, '.mlp');
  const ignore = join(folder, '.gitignore');
  if (existsSync(ignore)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(ignore, gitignore);
}
