import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../core/json.ts';
import { ok } from '../../core/result.ts';
import type { LiveModel } from '../live-models.ts';
import { addRoute, type Served } from '../served-request.ts';
import { isReady, notReadyBecause } from './inference.ts';

const routes = {
  'GET /': 'this list',
  'POST /predict': '{"comments": [text]} -> [{comment, sentiment}]; ?probabilities=true adds them',
  'POST /predict_with_timestamps':
    '{"comments": [{text, timestamp}]} -> [{comment, sentiment: "1" | "0" | "-1", timestamp}]',
  'POST /invocations': 'MLflow scoring: dataframe_split, dataframe_records, instances, inputs, or text/csv',
  'POST /v2/models/{model}[/versions/{version}]/infer': 'Open Inference Protocol v2; GET /v2 and below describes it',
  'GET /health': '200 while the process lives; /ping is the same',
  'GET /ready': '200 while requests are welcome, 503 before a model is loaded and while shutting down',
  'GET /version': 'version of mlp',
} as const;

/** Index, liveness and readiness. Liveness stays 200 while draining, so that nobody kills a server that is finishing its work. */
export function addHealthRoutes(app: FastifyInstance, served: Served): void {
  addRoute(app, { method: 'GET', path: '/', dialect: 'plain', answer: () => ok(index(served)) });
  for (const path of ['/health', '/ping']) {
    addRoute(app, { method: 'GET', path, dialect: 'mlflow', answer: () => ok({ status: 'ok' }) });
  }
  addRoute(app, {
    method: 'GET',
    path: '/version',
    dialect: 'mlflow',
    answer: (_, reply) => {
      reply.type('text/plain; charset=utf-8');
      return ok(served.version);
    },
  });
  addRoute(app, {
    method: 'GET',
    path: '/ready',
    dialect: 'plain',
    answer: (_, reply) => {
      if (isReady(served)) return ok({ ready: true });
      reply.code(503);
      return ok({ ready: false, error: notReadyBecause(served) });
    },
  });
}

function index(served: Served): JsonObject {
  return {
    name: 'mlp',
    version: served.version,
    model: describe(served.current()),
    ready: isReady(served),
    routes,
  };
}

function describe(live: LiveModel | undefined): JsonObject | null {
  if (live === undefined) return null;
  const { name, version, stage } = live.version;
  const { classes, signature } = live.model.info;
  const columns = signature.columns?.map(({ name: column, type }) => ({ name: column, type }));
  return { name, version, stage, classes, ...(columns === undefined ? {} : { columns }) };
}
