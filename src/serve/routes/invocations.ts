import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { ok, type Result } from '../../core/result.ts';
import { CsvBody } from '../bodies.ts';
import { predictInTurns } from '../predict-in-turns.ts';
import { addRoute, modelOf, type Served } from '../served-request.ts';
import { rowsFor } from '../rows.ts';
import { checkTexts } from '../texts.ts';
import { readCsvInvocation } from './invocations-csv.ts';
import { readInvocation } from './invocations-request.ts';

/** MLflow's scoring route. `app` must take CSV bodies. */
export function addInvocationRoutes(app: FastifyInstance, served: Served): void {
  addRoute(app, {
    method: 'POST',
    path: '/invocations',
    dialect: 'mlflow',
    answer: (request, reply) => invoke(request, reply, served),
  });
}

async function invoke(request: FastifyRequest, reply: FastifyReply, served: Served): Promise<Result<JsonObject>> {
  const { body } = request;
  const asked =
    body instanceof CsvBody
      ? readCsvInvocation(body.text, served.limits)
      : readInvocation(body as JsonValue | undefined);
  if (!asked.ok) return asked;
  const texts = checkTexts(asked.value.values, served.limits, asked.value.nameOf);
  if (!texts.ok) return texts;
  const live = modelOf(request, reply);
  if (!live.ok) return live;
  const { model } = live.value;
  const { classes } = model.info;
  const rows = rowsFor(model, texts.value, { find: asked.value.find, limits: served.limits });
  if (!rows.ok) return rows;
  const predictions = await predictInTurns(model, rows.value, reply);
  if (!asked.value.probabilities) return ok({ predictions: predictions.map(({ label }) => label) });
  return ok({
    predictions: predictions.map(({ label, probabilities }) => ({
      label,
      probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k] ?? 0])),
    })),
  });
}
