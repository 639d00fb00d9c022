import { execFileSync } from 'node:child_process';

/** End-to-end tests run the built command, so it is built from the sources under test first. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
