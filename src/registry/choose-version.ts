import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isLowerBetter, primaryMetric } from './primary-metric.ts';
import type { GateRules } from './gates.ts';
import type { ModelStage, ModelVersion, RegisteredModel } from './types.ts';

/** What `MODEL`, `MODEL@v2`, `MODEL@production`, `MODEL@alias`, `v2` or `2` says. */
export interface ModelReference {
  readonly model?: string;
  readonly version?: { readonly number: number } | { readonly stageOrAlias: string };
}

/** Reads a reference; a bare number or `v2` is a version of the only model. */
export function parseModelReference(text: string): Result<ModelReference> {
  const bare = /^v?(\d{1,9})$/.exec(text)?.[1];
  if (bare !== undefined) return ok({ version: { number: Number(bare) } });
  const [model = '', selector, ...rest] = text.split('@');
  if (model === '' || selector === '' || rest.length > 0)
    return err(failure('bad-model-reference', { reference: text }));
  if (selector === undefined) return ok({ model });
  const number = /^v?(\d{1,9})$/.exec(selector)?.[1];
  return ok({ model, version: number === undefined ? { stageOrAlias: selector } : { number: Number(number) } });
}

/** The model that is named, or the only one there is. `command` completes the hint where there are several. */
export function chooseModel(
  models: readonly RegisteredModel[],
  asked: { readonly name: string | undefined; readonly command: string },
): Result<RegisteredModel> {
  const names = models.map(({ name }) => name);
  const [first, second] = models;
  if (first === undefined) return err(failure('no-models', {}));
  if (asked.name !== undefined) {
    const found = models.find(({ name }) => name === asked.name);
    if (found !== undefined) return ok(found);
    return err(failure('unknown-model', { name: asked.name, near: nearestNames(asked.name, names) }));
  }
  return second === undefined ? ok(first) : err(failure('which-model', { names, command: asked.command }));
}

/** The version that a reference names. */
export function namedVersion(
  model: RegisteredModel,
  named: NonNullable<ModelReference['version']>,
): Result<ModelVersion> {
  const wanted = 'number' in named ? undefined : named.stageOrAlias;
  const found = model.versions.find((version) =>
    wanted === undefined
      ? 'number' in named && version.version === named.number
      : version.aliases.includes(wanted) || version.stage.toLowerCase() === wanted.toLowerCase(),
  );
  if (found !== undefined) return ok(found);
  const version = 'number' in named ? `v${named.number}` : named.stageOrAlias;
  const known = model.versions.map((other) => other.version).reverse();
  return err(failure('unknown-version', { model: model.name, version, known }));
}

export interface Candidate {
  readonly version: ModelVersion;
  /** How many it was the best of, by the metric that decides; 1 when there was no choice. */
  readonly among: number;
  readonly metric: string;
}

const before: Record<'Staging' | 'Production', ModelStage> = { Staging: 'Development', Production: 'Staging' };

/**
 * The version to promote when none is named: of those one stage before, the best by the metric that decides; the newest of
 * equals. Newest alone would offer a worse model after a failed experiment, only to be refused.
 */
export function candidateFor(
  model: RegisteredModel,
  to: 'Staging' | 'Production',
  rules: GateRules,
): Result<Candidate> {
  const from = before[to];
  const metric = primaryMetric(rules);
  const sign = isLowerBetter(rules, metric) ? -1 : 1;
  const scoreOf = (version: ModelVersion): number => {
    const value = version.metrics[metric];
    return value === undefined || Number.isNaN(value) ? -Infinity : sign * value;
  };
  const waiting = model.versions.filter(({ stage }) => stage === from);
  const [best] = [...waiting].sort((a, b) => compare(scoreOf(b), scoreOf(a)) || b.version - a.version);
  if (best !== undefined) return ok({ version: best, among: waiting.length, metric });
  const newest = model.versions.find(({ stage }) => stage !== 'Production')?.version ?? null;
  return err(failure('nothing-to-promote', { model: model.name, to, from, newest }));
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
