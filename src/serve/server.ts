import fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import type { Server } from 'node:http';
import { failure } from '../core/failure.ts';
import { takeCsv, takeJson } from './bodies.ts';
import { refuseBrokenConnection } from './broken-connection.ts';
import { allowOrigins } from './cors.ts';
import type { ServeEventSink } from './events.ts';
import { boundOpenRequests } from './open-requests.ts';
import { refuse } from './refusal.ts';
import { dialectOf, RequestErrors } from './request-errors.ts';
import { addCommentRoutes } from './routes/comments.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addInferenceRoutes } from './routes/inference.ts';
import { addInvocationRoutes } from './routes/invocations.ts';
import type { Served } from './served-request.ts';

export interface ServerOptions extends Served {
  /** Origins whose pages may read answers: see cors.ts. */
  readonly origins: readonly string[];
  readonly tell: ServeEventSink;
}

const millisecondsPerSecond = 1_000;

/** The server with all its routes, not yet listening. It reads no file, starts no timer and keeps no state but the count of open requests. */
export function buildServer(options: ServerOptions): FastifyInstance {
  const errors = new RequestErrors(options);
  const app = fastify(frameworkOptions(options, errors));
  app.setErrorHandler((error, request, reply) => {
    errors.answer(error, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]?.slice(0, 200) ?? '';
    return refuse(reply, dialectOf(path), failure('unknown-route', { method: request.method, path }));
  });
  app.decorateRequest('live', undefined);
  app.addHook('onRequest', (request, _, done) => {
    request.live = options.current();
    done();
  });
  // When the answer leaves, not when the request comes: a request that was open when draining began must not keep its connection either.
  app.addHook('onSend', (_, reply, payload, done) => {
    if (options.isDraining()) reply.header('connection', 'close');
    done(null, payload);
  });
  allowOrigins(app, options.origins);
  boundOpenRequests(app, options.limits.maxRequests);
  takeJson(app, options.limits.maxJsonDepth);

  addHealthRoutes(app, options);
  addCommentRoutes(app, options);
  addInferenceRoutes(app, options);
  // Its own scope, because it alone takes CSV.
  void app.register((scope, _, done) => {
    takeCsv(scope);
    addInvocationRoutes(scope, options);
    done();
  });
  return app;
}

function frameworkOptions({ limits }: ServerOptions, errors: RequestErrors): FastifyHttpOptions<Server> {
  const requestTimeout = limits.requestTimeout * millisecondsPerSecond;
  return {
    logger: false,
    bodyLimit: limits.maxBody,
    requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout * millisecondsPerSecond,
    http: {
      maxHeaderSize: limits.maxHeader,
      requestTimeout,
      headersTimeout: Math.min(limits.headersTimeout * millisecondsPerSecond, requestTimeout),
      connectionsCheckingInterval: millisecondsPerSecond,
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    // A request that was on its way when the server began to close is answered, not refused.
    return503OnClosing: false,
    clientErrorHandler: refuseBrokenConnection,
    frameworkErrors: (error, request, reply) => {
      errors.answer(error, request, reply);
    },
  };
}
