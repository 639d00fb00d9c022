// Bundles the command line and the library: one small entry, and a chunk a command that is read when that command runs.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { writeTemplates } from './templates.mjs';

const { dependencies, version } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Inlined because every command needs them at start; the others stay in node_modules and load when they are used. */
const inlined = new Set(['commander', 'yaml', 'picocolors', 'execa']);
const external = Object.keys(dependencies).filter((name) => !inlined.has(name));

/** Changes with any source file: what one build remembers of parsed files, another does not take over. */
function buildId() {
  const hash = createHash('sha256');
  for (const name of readdirSync('src', { recursive: true }).sort()) {
    const path = join('src', name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 12);
}

// Built beside and swapped in, so that a command started meanwhile finds the old build or the new one.
const fresh = `dist.${process.pid}`;
await build({
  entryPoints: { main: 'src/cli/main.ts', ml: 'src/ml/index.ts' },
  outdir: fresh,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  external,
  // Node resolves yaml to CommonJS, of which `await import('yaml')` in a bundle has a default export alone.
  alias: { yaml: resolve('node_modules/yaml/browser/dist/index.js') },
  define: { __MLP_VERSION__: JSON.stringify(version), __MLP_BUILD__: JSON.stringify(buildId()) },
  jsx: 'automatic',
  legalComments: 'none',
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

writeTemplates(join(fresh, 'templates'), version);

const old = `${fresh}.old`;
if (existsSync('dist')) renameSync('dist', old);
renameSync(fresh, 'dist');
rmSync(old, { recursive: true, force: true });

// `npx mlp` in this checkout finds its own command only through node_modules/.bin.
if (existsSync('node_modules')) {
  mkdirSync('node_modules/.bin', { recursive: true });
  rmSync('node_modules/.bin/mlp', { force: true });
  symlinkSync('../../bin/mlp.js', 'node_modules/.bin/mlp');
  chmodSync('bin/mlp.js', 0o755);
}
