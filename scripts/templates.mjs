// Makes the templates of `mlp init` from this repository's own project, so that there is one copy of it.
import { cpSync, mkdirSync, readFileSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** The public name of what the stages import from src/ml. */
const library = 'mlp-cli/ml';

export function writeTemplates(folder, version) {
  const sentiment = join(folder, 'sentiment');
  mkdirSync(join(sentiment, 'stages'), { recursive: true });
  for (const name of readdirSync('stages').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))) {
    const text = readFileSync(join('stages', name), 'utf8').replaceAll("'../src/ml/index.ts'", `'${library}'`);
    // They need no types, and without any Node runs them as they are. A type that slips in fails the build here.
    transformSync(text, { loader: 'js', sourcefile: name });
    writeFileSync(join(sentiment, 'stages', name.replace(/ts$/, 'js')), text);
  }
  // The project's own package.json may be older, and say that files are CommonJS.
  writeFileSync(join(sentiment, 'stages', 'package.json'), '{ "type": "module" }\n');
  // A user's project has the library as a package: its source is no dep there.
  const pipeline = readFileSync('pipeline.yaml', 'utf8')
    .replaceAll(/, src\/ml|, src\/core/g, '')
    .replaceAll('node --import tsx stages/', 'node stages/')
    .replaceAll(/(stages\/\w+)\.ts\b/g, '$1.js');
  writeFileSync(join(sentiment, 'pipeline.yaml'), pipeline);
  cpSync('params.yaml', join(sentiment, 'params.yaml'));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { 'mlp-cli': `^${version}` },
  };
  writeFileSync(join(sentiment, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

  for (const name of ['python', 'empty']) {
    const from = join('templates', name);
    if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true });
  }
  for (const name of ['sentiment', 'python', 'empty']) {
    const to = join(folder, name);
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, 'gitignore'), gitignore);
    if (name === 'empty') continue;
    mkdirSync(join(to, 'data'), { recursive: true });
    for (const file of ['comments.csv', 'README.md']) {
      if (existsSync(join('data', file))) cpSync(join('data', file), join(to, 'data', file));
    }
  }
}

const gitignore = `node_modules/
__pycache__/
.venv/
.mlp/*
!.mlp/config.yaml
artifacts/*
!artifacts/metrics.json
`;
