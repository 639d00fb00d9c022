import type { FastifyInstance } from 'fastify';
import { lookup } from 'node:dns/promises';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Starts to accept connections; ends with the address it got, which for port 0 only the system knows. */
export async function listen(app: FastifyInstance, asked: Address): Promise<Result<Address>> {
  try {
    // A name may stand for several addresses, for which the framework would open further servers that a drain does not reach.
    const { address } = await lookup(asked.host);
    await app.listen({ host: address, port: asked.port });
  } catch (error) {
    await app.close();
    return err(listenFailure(error, asked));
  }
  const bound = app.server.address();
  return ok({ host: asked.host, port: typeof bound === 'object' && bound !== null ? bound.port : asked.port });
}

/** The address as a client writes it. */
export function urlOf({ host, port }: Address): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function listenFailure(error: unknown, asked: Address): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'EADDRINUSE') return failure('port-in-use', { host: asked.host, port: asked.port });
  if (code === undefined || !(error instanceof Error)) throw error;
  return failure('cannot-listen', { host: asked.host, port: asked.port, problem: problems[code] ?? error.message });
}

const problems: Readonly<Record<string, string>> = {
  EACCES: 'not allowed',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'that name has no address',
};
