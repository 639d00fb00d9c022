// Bundles the command line and the library: one file that every command starts with, and chunks that are read when they are needed.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { writeTemplates } from './templates.mjs';

const { dependencies, version } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Inlined because every command needs them at start; the others stay in node_modules and load when they are used. */
const inlined = new Set(['commander', 'yaml', 'picocolors', 'execa', 'better-sqlite3']);
/** Of better-sqlite3 the native part stays outside; `bindings` is how it looks for that where we do not say. */
const external = [...Object.keys(dependencies).filter((name) => !inlined.has(name)), 'bindings'];

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
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  external,
  define: { __MLP_VERSION__: JSON.stringify(version), __MLP_BUILD__: JSON.stringify(buildId()) },
  jsx: 'automatic',
  legalComments: 'none',
  logLevel: 'warning',
};

/** What every `mlp repro` needs, also one with nothing to do: part of the first file instead of chunks that are read one by one. */
const quick = new Set(['./commands/repro.ts', './commands/status.ts', './parse-words.ts']);
/** Name of a chunk -> the source that is its entry. */
const chunks = {};

/** Leaves dynamic imports out of the first file, but for the quick ones. */
const splitOff = {
  name: 'split-off',
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || quick.has(path)) return undefined;
      const source = relative('.', join(resolveDir, path));
      const name = source
        .replace(/^src\//, '')
        .replace(/\.tsx?$/, '')
        .replaceAll('/', '-');
      chunks[name] = source;
      return { path: `./${name}.js`, external: true };
    });
  },
};

// One CommonJS file: Node reads it in one go, where the same code in thirty ES modules takes as long as starting Node itself.
await build({
  ...common,
  entryPoints: { mlp: 'src/cli/main.ts' },
  outdir: fresh,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  plugins: [splitOff],
  define: { ...common.define, 'import.meta.url': '__url' },
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
});

const modules = {
  ...common,
  outdir: fresh,
  format: 'esm',
  splitting: true,
  // Node resolves yaml to CommonJS, of which `await import('yaml')` in a bundle has a default export alone.
  alias: { yaml: resolve('node_modules/yaml/browser/dist/index.js') },
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};
await build({ ...modules, entryPoints: chunks });
// Apart from the command line, so that a stage reads one file and not the thirty that both would share.
await build({ ...modules, entryPoints: { ml: 'src/ml/index.ts', 'ml-worker': 'src/ml/threads/worker.ts' } });

writeTemplates(join(fresh, 'templates'), version);

// For libraries under the same licence that come without its text (src/cli/engines/licence-text.ts).
mkdirSync(join(fresh, 'licences'));
copyFileSync('LICENSE', join(fresh, 'licences', 'Apache-2.0.txt'));

const old = `${fresh}.old`;
if (existsSync('dist')) renameSync('dist', old);
try {
  renameSync(fresh, 'dist');
} catch (error) {
  // Another build of the same sources was swapped in meanwhile; one of them is enough.
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  rmSync(fresh, { recursive: true, force: true });
}
rmSync(old, { recursive: true, force: true });

// `npx mlp` in this checkout finds its own command only through node_modules/.bin.
if (existsSync('node_modules')) {
  mkdirSync('node_modules/.bin', { recursive: true });
  rmSync('node_modules/.bin/mlp', { force: true });
  symlinkSync('../../bin/mlp.js', 'node_modules/.bin/mlp');
  chmodSync('bin/mlp.js', 0o755);
}
