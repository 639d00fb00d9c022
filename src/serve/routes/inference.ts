import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failure } from '../../core/failure.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Prediction } from '../../ml/package/types.ts';
import type { LiveModel } from '../live-models.ts';
import { predictInTurns } from '../predict-in-turns.ts';
import { addRoute, modelOf, type Served } from '../served-request.ts';
import { rowsFor } from '../rows.ts';
import { datatypeOf, readInferenceRequest, type OutputName } from './inference-request.ts';

const dialect = 'inference';

/** The Open Inference Protocol v2 over HTTP, as KServe, Triton and MLServer speak it. */
export function addInferenceRoutes(app: FastifyInstance, served: Served): void {
  addRoute(app, {
    method: 'GET',
    path: '/v2/health/live',
    dialect,
    answer: () => ok({ live: true, ready: isReady(served) }),
  });
  addRoute(app, { method: 'GET', path: '/v2/health/ready', dialect, answer: (_, reply) => serverReady(reply, served) });
  addRoute(app, {
    method: 'GET',
    path: '/v2',
    dialect,
    answer: () => ok({ name: 'mlp', version: served.version, extensions: [] }),
  });
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    addRoute(app, { method: 'GET', path, dialect, answer: modelMetadata });
    addRoute(app, { method: 'GET', path: `${path}/ready`, dialect, answer: (...call) => modelReady(...call, served) });
    addRoute(app, { method: 'POST', path: `${path}/infer`, dialect, answer: (...call) => infer(...call, served) });
  }
}

export const isReady = (served: Served): boolean => served.current() !== undefined && !served.isDraining();

/** The specification's texts disagree on the member's name, so both are there. */
function serverReady(reply: FastifyReply, served: Served): Result<JsonObject> {
  const ready = isReady(served);
  if (ready) return ok({ live: true, ready });
  reply.code(503);
  return ok({ live: true, ready, error: notReadyBecause(served) });
}

export const notReadyBecause = (served: Served): string =>
  served.isDraining() ? 'the server is shutting down' : 'no model is loaded yet';

/** The live model, where it is the one that the path names. */
function namedModel(request: FastifyRequest, reply: FastifyReply): Result<LiveModel> {
  const live = modelOf(request, reply);
  if (!live.ok) return live;
  const { model, version } = request.params as { readonly model: string; readonly version?: string };
  const { name, version: current } = live.value.version;
  if (model === name && (version === undefined || version === current)) return live;
  const asked = { model: model.slice(0, 100), ...(version === undefined ? {} : { version: version.slice(0, 100) }) };
  return err(failure('not-served', { ...asked, serving: `${name} version ${current}` }));
}

function modelMetadata(request: FastifyRequest, reply: FastifyReply): Result<JsonObject> {
  const live = namedModel(request, reply);
  if (!live.ok) return live;
  const { version, model } = live.value;
  const { classes, formatVersion } = model.info;
  return ok({
    name: version.name,
    versions: [version.version],
    platform: `mlp_package_v${formatVersion}`,
    inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }, ...columnTensors(model)],
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1] },
      { name: 'probabilities', datatype: 'FP64', shape: [-1, classes.length], parameters: { classes } },
    ],
  });
}

/** Inputs that a request may leave out. */
const columnTensors = ({ info }: LiveModel['model']): JsonObject[] =>
  (info.signature.columns ?? []).map(({ name, type, required }) => ({
    name,
    datatype: datatypeOf(type),
    shape: [-1],
    parameters: { optional: !required },
  }));

function modelReady(request: FastifyRequest, reply: FastifyReply, served: Served): Result<JsonObject> {
  const live = namedModel(request, reply);
  if (!live.ok) return live;
  const { name } = live.value.version;
  if (!served.isDraining()) return ok({ name, live: true, ready: true });
  reply.code(503);
  return ok({ name, live: true, ready: false, error: notReadyBecause(served) });
}

async function infer(request: FastifyRequest, reply: FastifyReply, served: Served): Promise<Result<JsonObject>> {
  const live = namedModel(request, reply);
  if (!live.ok) return live;
  const { version, model } = live.value;
  const { limits } = served;
  const taken = { limits, columns: model.info.signature.columns ?? [] };
  const asked = readInferenceRequest(request.body as JsonValue | undefined, taken);
  if (!asked.ok) return asked;
  const rows = rowsFor(model, asked.value.texts, { find: asked.value.find, limits });
  if (!rows.ok) return rows;
  const predictions = await predictInTurns(model, rows.value, reply);
  return ok({
    model_name: version.name,
    model_version: version.version,
    ...(asked.value.id === undefined ? {} : { id: asked.value.id }),
    outputs: asked.value.outputs.map((name) => outputTensor(name, predictions, model.info.classes.length)),
  });
}

function outputTensor(name: OutputName, predictions: readonly Prediction[], classes: number): JsonObject {
  const rows = predictions.length;
  switch (name) {
    case 'label':
      return { name, shape: [rows], datatype: 'BYTES', data: predictions.map((prediction) => prediction.label) };
    case 'probabilities':
      return {
        name,
        shape: [rows, classes],
        datatype: 'FP64',
        data: predictions.flatMap((prediction) => prediction.probabilities),
      };
  }
}
