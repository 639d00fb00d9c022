import { posix } from 'node:path';
import { standardParamsFile } from '../../config/build-params.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';

/** What `mlp stage add` was told, as commander gives it. */
export interface StageFlags {
  readonly name: string;
  readonly deps?: readonly string[];
  readonly params?: readonly string[];
  readonly outs?: readonly string[];
  readonly outsNoCache?: readonly string[];
  readonly outsPersist?: readonly string[];
  readonly outsPersistNoCache?: readonly string[];
  readonly metrics?: readonly string[];
  readonly metricsNoCache?: readonly string[];
  readonly plots?: readonly string[];
  readonly plotsNoCache?: readonly string[];
  readonly wdir?: string;
  readonly env?: readonly string[];
  readonly timeout?: string;
  readonly retries?: number;
  readonly alwaysChanged?: true;
  readonly desc?: string;
}

/** The stage as the pipeline file is to hold it: the fields in the order in which people write them, the absent ones left out. */
export function stageFields(flags: StageFlags, command: readonly string[]): JsonObject {
  const { desc, wdir, timeout, retries } = flags;
  const outs = [
    ...outsWith({}, flags.outs),
    ...outsWith({ cache: false }, flags.outsNoCache),
    ...outsWith({ persist: true }, flags.outsPersist),
    ...outsWith({ cache: false, persist: true }, flags.outsPersistNoCache),
  ];
  const metrics = [...outsWith({}, flags.metrics), ...outsWith({ cache: false }, flags.metricsNoCache)];
  const plots = [...outsWith({}, flags.plots), ...outsWith({ cache: false }, flags.plotsNoCache)];
  return {
    ...(desc === undefined ? {} : { desc }),
    cmd: commandText(command),
    ...(wdir === undefined || posix.normalize(wdir) === '.' ? {} : { wdir }),
    ...listed('deps', unique(flags.deps ?? [])),
    ...listed('params', paramsOf(flags.params ?? [])),
    ...listed('outs', outs),
    ...listed('metrics', metrics),
    ...listed('plots', plots),
    ...(flags.env === undefined ? {} : { env: environment(flags.env) }),
    ...(timeout === undefined ? {} : { timeout: numberOr(timeout) }),
    ...(retries === undefined ? {} : { retries }),
    ...(flags.alwaysChanged === true ? { always_changed: true } : {}),
  };
}

const listed = (field: string, items: readonly JsonValue[]): JsonObject =>
  items.length === 0 ? {} : { [field]: items };

const unique = (words: readonly string[]): string[] => [...new Set(words)];

function outsWith(options: JsonObject, paths: readonly string[] = []): JsonValue[] {
  return unique(paths).map((path) => (Object.keys(options).length === 0 ? path : { [path]: options }));
}

/** `a,b` are keys of params.yaml, `file:a,b` keys of another file, `file:` all of it; what names one file comes together. */
function paramsOf(words: readonly string[]): JsonValue[] {
  const files = new Map<string, Set<string>>();
  for (const word of words) {
    const colon = word.lastIndexOf(':');
    const file = colon < 0 ? standardParamsFile : word.slice(0, colon);
    const keys = files.get(file) ?? new Set<string>();
    files.set(file, keys);
    for (const key of word.slice(colon + 1).split(',')) if (key.trim() !== '') keys.add(key.trim());
  }
  return [...files].flatMap(([file, keys]): JsonValue[] => {
    if (keys.size === 0) return [{ [file]: null }];
    return file === standardParamsFile ? [...keys] : [{ [file]: [...keys] }];
  });
}

/** `NAME=value` sets a variable, `NAME` passes on the one that mlp is started with. */
function environment(words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word, null] : [word.slice(0, equals), numberOr(word.slice(equals + 1))];
    }),
  );
}

/** A whole number without quotes, as people write it. */
const numberOr = (text: string): JsonValue => (/^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text);

/**
 * One word is the command as it stands. Several are put together so that the command gets the same words again: those with blanks or
 * quotes come into quotes; all others stay as they are, so that `'>'`, `'|'`, `'*'` and `'$NAME'` keep what they mean to a shell.
 */
function commandText(words: readonly string[]): string {
  const [only = ''] = words;
  const text = words.length === 1 ? only : words.map(quoted).join(' ');
  const trimmed = text.trim();
  return trimmed.includes('\n') ? `${trimmed}\n` : trimmed;
}

const quoted = (word: string): string => {
  if (word !== '' && !/[\s'"\\]/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
};
