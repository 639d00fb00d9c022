import { createHash } from 'node:crypto';
import type { OutConfig, StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import { asContentHash, asStageName, type Fingerprint, type StageName } from '../core/brands.ts';
import type { PlanInput } from './plan-run.ts';
import type { Evidence, KnownResult, StageEvidence } from './types.ts';

const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1 };

export const out = (path: string, options: Partial<OutConfig> = {}): OutConfig => ({
  path,
  at,
  kind: 'out',
  cache: true,
  persist: false,
  ...options,
});

interface StageShape extends Partial<Omit<StageConfig, 'name' | 'deps' | 'outs'>> {
  readonly deps?: readonly string[];
  readonly outs?: readonly (string | OutConfig)[];
}

/** A stage that runs `make NAME`. */
export function stage(name: string, { deps = [], outs = [], ...rest }: StageShape = {}): StageConfig {
  return {
    name: asStageName(name),
    at,
    cmd: [`make ${name}`],
    wdir: '.',
    deps: deps.map((path) => ({ path, at })),
    params: [],
    outs: outs.map((each) => (typeof each === 'string' ? out(each) : each)),
    env: [],
    frozen: false,
    alwaysChanged: false,
    retries: 0,
    ...rest,
  };
}

/** A file with this content. */
export const file = (path: string, content: string): Artifact => ({
  path,
  hash: asContentHash(createHash('sha256').update(content).digest('hex')),
  size: content.length,
});

export const recorded = (of: StageConfig, deps: readonly Artifact[], outs: readonly Artifact[]): StageEvidence => ({
  cmd: of.cmd,
  deps,
  params: {},
  outs,
});

interface World {
  readonly stages: readonly StageConfig[];
  /** What stands in the workspace. */
  readonly standing?: readonly Artifact[];
  readonly evidence?: Readonly<Record<string, StageEvidence>>;
  readonly forced?: readonly string[];
  readonly cached?: readonly Artifact[];
  readonly known?: ReadonlyMap<Fingerprint, KnownResult>;
  readonly params?: Readonly<Record<string, StageEvidence['params']>>;
}

/** The input of a plan. A stage makes a path when it is one of its outs, lies in one, or holds one. */
export function planInput(world: World): PlanInput {
  const standing = new Map((world.standing ?? []).map((artifact) => [artifact.path, artifact]));
  const paths = world.stages.flatMap(({ deps, outs }) => [...deps, ...outs].map(({ path }) => path));
  const evidence: Evidence = new Map(
    Object.entries(world.evidence ?? {}).map(([name, entry]) => [asStageName(name), entry]),
  );
  const cached = new Set((world.cached ?? []).map(({ hash }) => hash));
  return {
    stages: world.stages,
    artifacts: new Map(paths.map((path) => [path, standing.get(path)])),
    siblings: new Map(),
    settingsOf: ({ name }) => ({ params: world.params?.[name] ?? {}, missingParams: [], env: {} }),
    evidence,
    makersOf: (path) => world.stages.filter(({ outs }) => outs.some((each) => related(each.path, path))).map(nameOf),
    forced: new Set((world.forced ?? []).map(asStageName)),
    forcedBelow: () => [],
    takesPart: (name) => world.stages.some((each) => each.name === name),
    known: (fingerprint) => world.known?.get(fingerprint),
    cached: ({ hash }) => cached.has(hash),
  };
}

const nameOf = ({ name }: StageConfig): StageName => name;

const related = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
