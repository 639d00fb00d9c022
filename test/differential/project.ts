/** A pipeline project as data: what both tools are given, and what an edit changes. Plain objects, so that a copy is a structured clone. */
export interface ModelProject {
  /** Text by path, of files that no stage makes. */
  sources: Record<string, string>;
  /** Numbers by key of params.yaml, in the order written. */
  readonly params: Record<string, number>;
  /** In the order of dvc.yaml. */
  stages: ModelStage[];
  /** A comment at the top of dvc.yaml. */
  comment: string;
}

export interface ModelStage {
  readonly name: string;
  /** Paths; with `items`, `${item}` stands for the item. */
  deps: string[];
  params: string[];
  out: string;
  readonly outKind: 'file' | 'directory';
  outField: 'outs' | 'metrics';
  readonly cached: boolean;
  readonly wdir: string;
  /** Changes the command and what it writes. */
  salt: number;
  /** A param whose value stands in the command through a template. */
  readonly inCommand?: string;
  readonly persist: boolean;
  alwaysChanged: boolean;
  frozen: boolean;
  /** Ends its command with a failure, after it wrote what it writes. */
  fails: boolean;
  /** Items of a `foreach` over a list. */
  items?: string[];
  /** Values by name, for a `matrix`. */
  matrix?: Record<string, string[]>;
  /** Read by the command, whether or not they are (still) declared: so that a dep can come and go without the command changing. */
  readonly reads: readonly string[];
}

/** Whether it stands for several stages. */
export const isGroup = (stage: ModelStage): boolean => stage.items !== undefined || stage.matrix !== undefined;

/** dvc.yaml as text. JSON strings are YAML too, so that no writer stands between the model and what is meant. */
export function pipelineText(project: ModelProject): string {
  const stages = project.stages.map((stage) => `  ${stage.name}:\n${stageText(stage)}`);
  return `# ${project.comment}\nstages:\n${stages.join('')}`;
}

function stageText(stage: ModelStage): string {
  const fields: [string, unknown][] = [
    ['cmd', commandOf(stage)],
    ...(stage.wdir === '.' ? [] : [['wdir', stage.wdir] satisfies [string, unknown]]),
    ...(stage.deps.length === 0
      ? []
      : [['deps', stage.deps.map((path) => seenFrom(stage.wdir, path))] satisfies [string, unknown]]),
    ...(stage.params.length === 0 ? [] : [['params', paramsField(stage)] satisfies [string, unknown]]),
    [stage.outField, [outField(stage)]],
    ...(stage.alwaysChanged ? [['always_changed', true] satisfies [string, unknown]] : []),
    ...(stage.frozen ? [['frozen', true] satisfies [string, unknown]] : []),
  ];
  const lines = fields.map(([field, value]) => `${field}: ${JSON.stringify(value)}\n`);
  const flat = lines.map((line) => `    ${line}`).join('');
  if (stage.matrix !== undefined) return `    matrix: ${JSON.stringify(stage.matrix)}\n${flat}`;
  if (stage.items === undefined) return flat;
  return `    foreach: ${JSON.stringify(stage.items)}\n    do:\n${lines.map((line) => `      ${line}`).join('')}`;
}

function outField({ wdir, out, cached, persist }: ModelStage): unknown {
  const options = { ...(cached ? {} : { cache: false }), ...(persist ? { persist: true } : {}) };
  const path = seenFrom(wdir, out);
  return Object.keys(options).length === 0 ? path : { [path]: options };
}

function paramsField(stage: ModelStage): unknown[] {
  return stage.wdir === '.' ? stage.params : [{ [seenFrom(stage.wdir, 'params.yaml')]: stage.params }];
}

/** What the stage does (`cat` is given a file even where a folder has none, else it would wait for input): says that it ran, then writes what it reads, its declared params and its salt. */
function commandOf(stage: ModelStage): string {
  const name = isGroup(stage) ? `${stage.name}@\${${stage.items === undefined ? 'key' : 'item'}}` : stage.name;
  const from = (path: string): string => seenFrom(stage.wdir, path);
  const reads = stage.reads.map((path) => `cat /dev/null $(find ${from(path)} -type f | LC_ALL=C sort)`);
  const params = stage.params.map((key) => `grep '^${key}:' ${from('params.yaml')}`);
  const value = stage.inCommand === undefined ? '' : ` \${${stage.inCommand}}`;
  const written = [`echo ${name} ${stage.salt}${value}`, ...reads, ...params].join('; ');
  const out = from(stage.out);
  const say = `echo ${name} >> "$RAN"; mkdir -p ${from('out')}`;
  const end = stage.fails ? '; exit 3' : '';
  return stage.outKind === 'file'
    ? `${say}; { ${written}; } > ${out}${end}`
    : `${say}; mkdir -p ${out}/deep; { ${written}; } > ${out}/all; echo ${stage.salt} > ${out}/deep/salt; echo same > ${out}/same${end}`;
}

const seenFrom = (wdir: string, path: string): string => (wdir === '.' ? path : `../${path}`);

export function paramsText(project: ModelProject): string {
  return Object.entries(project.params)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}
