import { flattenValues } from '../core/flatten.ts';
import type { JsonValue } from '../core/json.ts';
import type { Planned } from './plan-project.ts';

/** All params that the pipeline's stages read, flattened; those of another file than params.yaml with the file in front. */
export function runParams(planned: Planned): Record<string, JsonValue> {
  const params: Record<string, JsonValue> = {};
  for (const stage of planned.input.stages) {
    for (const [file, values] of Object.entries(planned.input.settingsOf(stage).params)) {
      for (const [key, value] of Object.entries(values)) {
        const front = file === 'params.yaml' ? '' : `${file}:`;
        for (const [leaf, scalar] of Object.entries(flattenValues(value))) {
          params[`${front}${joinKeys(key === '*' ? '' : key, leaf)}`] = scalar;
        }
      }
    }
  }
  return params;
}

const joinKeys = (key: string, leaf: string): string =>
  key === '' || leaf === '' ? key + leaf : leaf.startsWith('[') ? key + leaf : `${key}.${leaf}`;
