import type { JsonObject } from '../core/json.ts';
import { dataFields, preprocessFields } from './data/options.ts';
import { trainField } from './estimators.ts';
import { evaluateFields } from './evaluation/options.ts';
import { featurizeFields } from './features/options.ts';
import { groupSchema } from './fields.ts';

/** JSON Schema (draft 7) of the params.yaml that the learning stages read. Other groups may stand beside theirs. */
export const paramsSchema = (): JsonObject => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Parameters of the learning stages of mlp',
  type: 'object',
  properties: {
    data: groupSchema(dataFields),
    preprocess: groupSchema(preprocessFields),
    featurize: groupSchema(featurizeFields),
    train: trainField.schema ?? {},
    evaluate: groupSchema(evaluateFields),
  },
});
