import type { FastifyInstance } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServeEventSink } from './events.ts';

export interface DrainTimes {
  /** How long readiness says 503 before connections are refused: longer than a load balancer's check interval x failed checks. */
  readonly drainSeconds: number;
  /** How long open requests may take after that. */
  readonly graceSeconds: number;
}

const millisecondsPerSecond = 1_000;
/** A connection that sends nothing for this long after the drain is taken to be a spare one, as browsers open them. */
const spareAfterMs = 250;

/**
 * Ends a server without losing a request, in this order: readiness says 503 and every answer carries `Connection: close`, so that load
 * balancers and clients leave; after `drainSeconds` no connection is accepted any more and idle ones close; open requests finish.
 * What is still open `graceSeconds` later is cut.
 */
export class Drain {
  readonly #tell: ServeEventSink;
  readonly #sockets = new Set<Socket>();
  #draining = false;

  constructor(tell: ServeEventSink) {
    this.#tell = tell;
  }

  /** What readiness and answers ask: true from the first moment of `run` on. */
  isDraining(): boolean {
    return this.#draining;
  }

  /** Remembers the server's connections from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Ends when the server has. `app` must be watched, and built with this drain's `isDraining`. */
  async run(app: FastifyInstance, times: DrainTimes): Promise<void> {
    this.#draining = true;
    this.#tell({ type: 'draining', seconds: times.drainSeconds });
    await sleep(times.drainSeconds * millisecondsPerSecond);

    let forced = false;
    const force = setTimeout(() => {
      forced = true;
      app.server.closeAllConnections();
    }, times.graceSeconds * millisecondsPerSecond);
    const spare = setTimeout(() => {
      this.#closeSpareConnections();
    }, spareAfterMs);
    await app.close();
    clearTimeout(force);
    clearTimeout(spare);
    this.#tell({ type: 'stopped', forced });
  }

  /** Node counts a connection without a first byte as busy, so one such would hold up the end until its headers time out. */
  #closeSpareConnections(): void {
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
