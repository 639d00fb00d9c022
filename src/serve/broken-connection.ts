import type { ConnectionError } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

const answers: Readonly<Record<string, { readonly status: number; readonly error: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, error: 'the request did not arrive in time' },
  HPE_HEADER_OVERFLOW: { status: 431, error: 'the request line and headers are too large' },
};

/** Answers bytes that are no HTTP request, or come too slowly, and ends the connection. */
export function refuseBrokenConnection(problem: ConnectionError, socket: Socket): void {
  if (problem.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error } = answers[problem.code] ?? { status: 400, error: 'this is not a valid HTTP request' };
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    'connection: close',
  ];
  // `end` lets the answer out first; the peer may keep its half open, so the socket is dropped soon after.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
