// npm test: the static checks beside the test runner, because each of them keeps one core busy. Words after `--` go to vitest.
import { spawn } from 'node:child_process';

const vitest = ['vitest', 'run', '--project', 'unit', '--project', 'e2e', ...process.argv.slice(2)];

/** Runs a command through npx; its output is printed when it has ended, or at once where `live`. */
function run(words, { live }) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn('npx', ['--no-install', ...words], {
      stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    });
    const printed = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printed.push(chunk));
    child.on('close', (code) => {
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      resolve({ words, code, seconds, text: Buffer.concat(printed).toString() });
    });
  });
}

async function inTurn(commands) {
  const ended = [];
  for (const words of commands) ended.push(await run(words, { live: false }));
  return ended;
}

const [checks, tests] = await Promise.all([
  inTurn([
    ['tsc', '--noEmit'],
    ['eslint', '.'],
    ['prettier', '--check', '.'],
    ['depcruise', 'src', 'stages', '--config', '.dependency-cruiser.cjs'],
    ['knip'],
  ]),
  run(vitest, { live: true }),
]);
for (const { words, code, seconds, text } of checks) {
  console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${words[0]} (${seconds} s)${code === 0 ? '' : `\n${text}`}`);
}
console.log(`${tests.code === 0 ? 'ok' : 'FAILED'}  vitest (${tests.seconds} s)`);
process.exitCode = [...checks, tests].every(({ code }) => code === 0) ? 0 : 1;
