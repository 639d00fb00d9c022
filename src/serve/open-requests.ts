import type { FastifyInstance } from 'fastify';
import { failure } from '../core/failure.ts';
import { refuse } from './refusal.ts';
import { dialectOf } from './request-errors.ts';

/** Sheds load before a body is read: at most `most` POST requests are open at once. Health and metadata (GET) always get through. */
export function boundOpenRequests(app: FastifyInstance, most: number): void {
  let open = 0;
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'POST') {
      done();
      return;
    }
    if (open >= most) {
      // The body that follows is not wanted, and reading it away would be the load that is to be shed.
      reply.header('connection', 'close');
      void refuse(reply, dialectOf(request.url), failure('server-busy', { limit: most }));
      return;
    }
    open += 1;
    reply.raw.once('close', () => {
      open -= 1;
    });
    done();
  });
}
