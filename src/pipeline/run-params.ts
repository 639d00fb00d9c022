import type { JsonValue } from '../core/json.ts';
import { paramLeaves } from './param-leaves.ts';
import type { Planned } from './plan-project.ts';

/** All params that the pipeline's stages read, flattened; those of another file than params.yaml with the file in front. */
export function runParams(planned: Planned): Record<string, JsonValue> {
  const params: Record<string, JsonValue> = {};
  for (const stage of planned.input.stages) {
    for (const [file, values] of Object.entries(planned.input.settingsOf(stage).params)) {
      const front = file === 'params.yaml' ? '' : `${file}:`;
      for (const [key, value] of paramLeaves(values)) params[front + key] = value;
    }
  }
  return params;
}
