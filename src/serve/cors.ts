import type { FastifyInstance } from 'fastify';

/**
 * Lets pages of the allowed origins read the answers. `origins` are exact (`https://example.org`) or end in `*`
 * (`chrome-extension://*`); `*` alone allows every page. Without a match no header is sent and the browser refuses.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', (request, reply, done) => {
    const origin = request.headers.origin;
    if (origin === undefined) {
      done();
      return;
    }
    reply.header('vary', 'Origin');
    if (!origins.some((allowed) => matches(allowed, origin))) {
      done();
      return;
    }
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', 'mlp-model, retry-after');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      done();
      return;
    }
    reply.header('access-control-allow-methods', 'GET, POST');
    reply.header('access-control-allow-headers', 'content-type');
    reply.header('access-control-max-age', '600');
    // Browsers ask separately before a page may reach a server on the local machine.
    if (request.headers['access-control-request-private-network'] === 'true') {
      reply.header('access-control-allow-private-network', 'true');
    }
    reply.code(204).send();
  });
}

const matches = (allowed: string, origin: string): boolean =>
  allowed.endsWith('*') ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin;
