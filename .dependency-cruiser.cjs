// The import direction of docs/architecture.md, checked on type imports too. A folder that is missing here may import nothing.
const mayImport = {
  core: [],
  fs: ['core'],
  config: ['core', 'fs'],
  graph: ['core'],
  plan: ['core', 'fs', 'graph'],
  cache: ['core', 'fs'],
  execute: ['core', 'fs', 'plan', 'cache', 'graph'],
  record: ['core', 'fs', 'tracking'],
  pipeline: ['core', 'fs', 'config', 'graph', 'plan', 'cache', 'execute', 'record', 'tracking'],
  tracking: ['core'],
  registry: ['core', 'tracking'],
  ml: ['core'],
  serve: ['core', 'ml', 'registry'],
  report: ['core'],
};
/** Folders whose types alone may be imported as well. */
const mayImportTypes = {
  graph: ['config'],
  plan: ['config'],
  execute: ['config'],
  record: ['plan', 'config', 'graph', 'cache'],
  report: ['[a-z]+'],
};

const notATest = '\\.(test|bench)\\.tsx?$';
const layers = Object.entries(mayImport).flatMap(([folder, allowed]) => {
  const open = [folder, ...allowed].join('|');
  const withTypes = [folder, ...allowed, ...(mayImportTypes[folder] ?? [])].join('|');
  const from = { path: `^src/${folder}/`, pathNot: notATest };
  return [
    {
      name: `layer-${folder}`,
      comment: `src/${folder} may import ${open}`,
      severity: 'error',
      from,
      to: { path: '^(src|stages)/', pathNot: `^src/(${open})/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: `layer-types-${folder}`,
      comment: `src/${folder} may import types of ${withTypes}`,
      severity: 'error',
      from,
      to: { path: '^(src|stages)/', pathNot: `^src/(${withTypes})/` },
    },
  ];
});

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'stages-are-user-land',
      comment: 'a stage script may import src/ml and src/core, never a store',
      severity: 'error',
      from: { path: '^stages/' },
      to: { path: '^src/', pathNot: '^src/(ml|core)/' },
    },
    ...layers,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs'] },
  },
};
