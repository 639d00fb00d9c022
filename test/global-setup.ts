import { execFileSync } from 'node:child_process';

/** End-to-end tests run the built command, so it is built from the sources under test first; unless another one is named. */
export default function setup(): void {
  if (process.env['MLP_TEST_BIN'] !== undefined) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
