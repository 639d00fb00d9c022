import type { Artifact } from '../core/artifact.ts';
import { isJsonObject, type JsonValue } from '../core/json.ts';
import type { Evidence, StageEvidence } from '../plan/types.ts';

/** Raised when an older mlp could not read the file any more. */
export const lockSchema = '1';

const header = `# Written by mlp repro: what each stage was last built from. Keep it in git; a merge conflict in it is resolved by mlp repro.\n`;

/**
 * pipeline.lock as text: YAML in blocks, stages and paths sorted, one fact a line, so that its diff reads well and does not move when
 * pipeline.yaml is reordered.
 */
export function renderLock(evidence: Evidence): string {
  const stages = [...evidence].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [`schema: '${lockSchema}'`, stages.length === 0 ? 'stages: {}' : 'stages:'];
  for (const [name, entry] of stages) lines.push(`  ${scalar(name)}:`, ...stageLines(entry));
  return `${header}${lines.join('\n')}\n`;
}

function stageLines(entry: StageEvidence): string[] {
  return [
    ...valueLines('cmd', entry.cmd.length === 1 ? (entry.cmd[0] ?? '') : entry.cmd, 4),
    ...(entry.wdir === undefined ? [] : valueLines('wdir', entry.wdir, 4)),
    ...artifactLines('deps', entry.deps),
    ...(Object.keys(entry.params).length === 0 ? [] : valueLines('params', entry.params, 4)),
    ...(entry.env === undefined ? [] : valueLines('env', entry.env, 4)),
    ...artifactLines('outs', entry.outs),
  ];
}

function artifactLines(field: string, artifacts: readonly Artifact[]): string[] {
  if (artifacts.length === 0) return [];
  const items = artifacts.flatMap((artifact) => [
    `      - path: ${scalar(artifact.path)}`,
    `        hash: ${isNumber.test(artifact.hash) ? quoted(artifact.hash) : artifact.hash}`,
    `        size: ${artifact.size}`,
    ...(artifact.files === undefined ? [] : [`        files: ${artifact.files}`]),
    ...(artifact.executable === true ? ['        executable: true'] : []),
  ]);
  return [`    ${field}:`, ...items];
}

/** `key: value` in block style, keys sorted. */
function valueLines(key: string, value: JsonValue, indent: number): string[] {
  const margin = ' '.repeat(indent);
  const name = `${margin}${scalar(key)}:`;
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    const members = Object.keys(value).sort();
    return [name, ...members.flatMap((member) => valueLines(member, value[member] ?? null, indent + 2))];
  }
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) {
    return [name, ...value.map((item) => `${margin}  - ${scalar(item)}`)];
  }
  return [`${name} ${typeof value === 'string' ? scalar(value) : flow(value)}`];
}

/** JSON is YAML in flow style, but for the numbers that JSON lacks. */
function flow(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(flow).join(', ')}]`;
  if (isJsonObject(value)) {
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${quoted(key)}: ${flow(value[key] ?? null)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

const plain = /^[A-Za-z_./][A-Za-z0-9_./@ -]*$/;
const meansSomethingElse = /^(?:null|true|false|~|\.nan|[-+]?\.inf|y|n|yes|no|on|off|\.[0-9.e]*)$/i;

/** One hash in some 10^12 is digits with at most an `e` among them, which YAML takes for a number. */
const isNumber = /^[0-9]+(?:e[0-9]+)?$/;

/** A string as YAML: plain where no reader can take it for anything else, else in double quotes. */
function scalar(text: string): string {
  const isPlain = plain.test(text) && !text.endsWith(' ') && !meansSomethingElse.test(text);
  return isPlain ? text : quoted(text);
}

/** JSON lets these stand as they are; YAML takes some for line ends and forbids the others. */
const notInYaml = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const quoted = (text: string): string =>
  JSON.stringify(text).replace(notInYaml, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
