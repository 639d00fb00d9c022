import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Limits } from './limits.ts';
import type { LiveModel } from './live-models.ts';
import { refuse, type Dialect } from './refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The model that was live when the request's headers arrived: it keeps it to the end, whatever is promoted meanwhile. */
    live: LiveModel | undefined;
  }
}

/** What routes know of the server around them. */
export interface Served {
  readonly limits: Limits;
  /** Of mlp. */
  readonly version: string;
  isDraining(): boolean;
  current(): LiveModel | undefined;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly dialect: Dialect;
  /** The value to answer with, or why not. */
  answer(request: FastifyRequest, reply: FastifyReply): Result<unknown> | Promise<Result<unknown>>;
}

/** Declares a route; the path's other methods get 405 before a body is read. */
export function addRoute(app: FastifyInstance, route: Route): void {
  app.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const result = await route.answer(request, reply);
      return result.ok ? reply.send(result.value) : refuse(reply, route.dialect, result.error);
    },
  });
  const allowed = route.method === 'GET' ? ['GET', 'HEAD'] : [route.method];
  app.route({
    method: methods.filter((method) => method !== route.method),
    url: route.path,
    onRequest: (request, reply) => {
      const detail = { method: request.method, path: request.routeOptions.url ?? '', allowed };
      void refuse(reply.header('allow', allowed.join(', ')), route.dialect, failure('wrong-method', detail));
    },
    handler: () => undefined,
  });
}

/** The request's model, named in the answer's `mlp-model` header as `name/version`. */
export function modelOf(request: FastifyRequest, reply: FastifyReply): Result<LiveModel> {
  const live = request.live;
  if (live === undefined) return err(failure('no-model-loaded', {}));
  reply.header('mlp-model', `${encodeURIComponent(live.version.name)}/${encodeURIComponent(live.version.version)}`);
  return ok(live);
}
