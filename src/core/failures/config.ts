import { exitCode } from '../exit-code.ts';
import type { SourceRange } from '../source-range.ts';
import { graphFailures } from './graph.ts';
import { didYouMean, kind } from './kind.ts';
import { placeText } from './place.ts';
import { templateFailures } from './template.ts';

const exit = exitCode.usage;
/** `an entry of deps` is no name to put in quotes. */
const named = (field: string): string => (field.includes(' ') ? field : `"${field}"`);
const fieldsPage = 'docs/pipeline-yaml.md lists every field';

/** pipeline.yaml and params files: how they are read, and what their fields hold. Those of templates and of the graph come with them. */
export const configFailures = {
  ...graphFailures,
  ...templateFailures,
  'not-text': kind<{ file: string }>({
    exit,
    message: (d) => `${d.file} is no UTF-8 text`,
    next: () => 'save it as UTF-8, or check that it is the file you meant',
  }),
  'malformed-file': kind<{ format: 'YAML' | 'JSON' | 'TOML' | 'Python'; problem: string; hint?: string }>({
    exit,
    message: (d) => `malformed ${d.format}: ${d.problem}`,
    next: (d) => d.hint,
  }),
  'file-too-complex': kind<{ problem: string }>({
    exit,
    message: (d) => `refused to read this file: ${d.problem}`,
    next: () => 'no real pipeline or params file needs this: check that it is the file you meant',
  }),
  'unsupported-format': kind<{ file: string }>({
    exit,
    message: (d) => `cannot read values from ${d.file}: only .yaml, .yml, .json, .toml and .py files are understood`,
    next: () => 'convert the file, or list it under deps to depend on all of it',
  }),
  'duplicate-key': kind<{ key: string; first: SourceRange }>({
    exit,
    message: (d) => `"${d.key}" stands here a second time; the first is at ${placeText(d.first)}`,
    next: () => 'remove or rename one of the two',
  }),
  'empty-file': kind<{ file: string }>({
    exit,
    message: (d) => `${d.file} is empty`,
    next: () => 'mlp init --template empty shows a small one to start from',
  }),
  'unknown-field': kind<{ field: string; owner: string; near: readonly string[] }>({
    exit,
    message: (d) => `unknown field "${d.field}" in ${d.owner}`,
    next: (d) => didYouMean(d.near) ?? fieldsPage,
  }),
  'missing-field': kind<{ field: string; owner: string; example: string }>({
    exit,
    message: (d) => `${d.owner} lacks "${d.field}"`,
    next: (d) => `add it, for example ${d.example}`,
  }),
  'wrong-type': kind<{ field: string; owner: string; expected: string; found: string }>({
    exit,
    message: (d) => `${named(d.field)} in ${d.owner} must be ${d.expected}, but is ${d.found}`,
    next: (d) => (d.found === 'nothing' ? 'give it a value or remove the line' : fieldsPage),
  }),
  'bad-value': kind<{ field: string; owner: string; value: string; expected: string }>({
    exit,
    message: (d) => `${named(d.field)} in ${d.owner} must be ${d.expected}, but is ${d.value}`,
    next: () => fieldsPage,
  }),
  'bad-name': kind<{ what: string; name: string; allowed: string }>({
    exit,
    message: (d) => `${JSON.stringify(d.name)} is no name for ${d.what}`,
    next: (d) => `use ${d.allowed}`,
  }),
  'empty-command': kind<object>({
    exit,
    message: () => 'the command is empty',
    next: () => 'write what the stage runs, for example cmd: node train.js',
  }),
  'bad-path': kind<{ role: string; path: string; problem: string; hint: string }>({
    exit,
    message: (d) => `${d.role} ${JSON.stringify(d.path)} ${d.problem}`,
    next: (d) => d.hint,
  }),
  'stage-exists': kind<{ name: string; file: string }>({
    exit,
    message: (d) => `${d.file} has a stage "${d.name}" already`,
    next: () => 'give the new one another name, or replace that one with --force',
  }),
  'stage-not-added': kind<{ name: string; file: string }>({
    exit,
    message: (d) =>
      `cannot write stage "${d.name}" into ${d.file} without changing something else in it (an anchor, alias or merge key, or an unusual layout)`,
    next: () => 'edit the file by hand',
  }),
  'not-an-out': kind<{ field: string; model: string; path: string; near: readonly string[] }>({
    exit,
    message: (d) => `"${d.field}" of model "${d.model}" names ${d.path}, which no stage makes`,
    next: (d) => didYouMean(d.near) ?? 'name a path that stands under outs or metrics of a stage',
  }),
  'unknown-param': kind<{ key: string; file: string; near: readonly string[]; addable: boolean }>({
    exit,
    message: (d) => `${d.file} has no parameter "${d.key}"`,
    next: (d) => {
      const hint = didYouMean(d.near);
      if (!d.addable) return hint ?? `add it to ${d.file}, or correct the name`;
      return `${hint === undefined ? '' : `${hint} `}-S +${d.key}=VALUE adds a new one`;
    },
  }),
  'bad-assignment': kind<{ text: string; problem: string }>({
    exit,
    message: (d) => `cannot take -S ${d.text}: ${d.problem}`,
    next: () => 'write -S key.below=value, -S file.yaml:key=value, or -S +new.key=value to add one',
  }),
};
