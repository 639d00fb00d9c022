import { isJsonObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import type { FittedBlock, FittedOnTexts, StoredBlock } from '../features/block.ts';
import { checked } from '../features/stored-options.ts';
import { group } from '../fields.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import { joinColumns } from '../sparse/csr.ts';
import { ProjectedBlock } from './projected-block.ts';
import type { SvdSettings } from './settings.ts';
import { svdFields } from './settings.ts';
import { truncatedSvd } from './truncated-svd.ts';

/** One block of components instead of the given ones. */
export function fitProjection(
  settings: SvdSettings,
  fitted: readonly FittedOnTexts[],
  control: FitControl,
): Result<FittedOnTexts> {
  const x = joinColumns(fitted.map(({ matrix }) => matrix));
  const found = truncatedSvd(x, settings, control);
  if (!found.ok) return found;
  const { components, singularValues, explainedVarianceRatio: varianceRatio } = found.value;
  // Half the size, and more digits than a projection has meaning.
  const projection = { components: Float32Array.from(components), singularValues, varianceRatio };
  const blocks = fitted.map(({ block }) => block);
  return ok(new ProjectedBlock(settings, blocks, projection, x).withRows(x));
}

/** The inverse of `ProjectedBlock.arrays`; a text says what is wrong. The blocks inside are read already, or say what is wrong with them. */
export function projectedFromParts(
  given: JsonObject,
  { name, arrays }: StoredBlock,
  blocks: readonly FittedBlock[],
): ProjectedBlock | string {
  const known = ['kind', 'settings', 'of'];
  if (Object.keys(given).some((key) => !known.includes(key))) return `${name} has an option that is not known here`;
  const settings = checked(group(svdFields), given['settings'], `${name}.settings`);
  if (typeof settings === 'string') return settings;
  const columns = blocks.reduce((sum, block) => sum + block.columns, 0);
  const components = arrayOf(arrays, 'components', 'f32');
  const singularValues = arrayOf(arrays, 'singularValues', 'f64');
  const varianceRatio = arrayOf(arrays, 'varianceRatio', 'f64');
  if (components === undefined || singularValues === undefined || varianceRatio === undefined) {
    return `${name} has no components`;
  }
  const count = singularValues.length;
  if (count === 0 || varianceRatio.length !== count || components.length !== columns * count) {
    return `the components of ${name} do not fit its columns`;
  }
  if (![components, singularValues, varianceRatio].every(allSane)) return `the components of ${name} are broken`;
  return new ProjectedBlock(settings, blocks, { components, singularValues, varianceRatio });
}

/** Options of the blocks inside, which are read like any others; undefined when there are none. */
export function innerOptions(given: JsonObject): readonly JsonObject[] | undefined {
  const { of } = given;
  if (!Array.isArray(of) || of.length === 0 || !of.every(isJsonObject)) return undefined;
  return of.every((inner) => inner['kind'] !== 'svd') ? of : undefined;
}
