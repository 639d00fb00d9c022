import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  /** A whole request, sent again and again. */
  readonly request: Buffer;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** A POST of JSON to 127.0.0.1, as bytes. */
export function postRequest(path: string, body: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}

/**
 * Closed loop over kept connections: each sends its next request when the answer to the last is complete. Bare sockets, because node's
 * own client costs more than the server that is measured. An answer that is not 200 ends the measurement with an error.
 */
export async function putUnderLoad({ port, request, connections, seconds }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      let socket = await open(port);
      while (performance.now() < end) {
        const sent = performance.now();
        const stays = await exchange(socket, request);
        latencies.push(performance.now() - sent);
        if (!stays) {
          socket.destroy();
          socket = await open(port);
        }
      }
      socket.destroy();
    }),
  );
  const took = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond: latencies.length / took, p50: at(0.5), p99: at(0.99) };
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.setNoDelay(true);
      resolve(socket);
    });
    socket.on('error', reject);
  });

/** Ends when a whole answer has come; true when the server keeps the connection. */
function exchange(socket: Socket, request: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let received = '';
    let expected = -1;
    const onData = (bytes: Buffer): void => {
      received += bytes.toString('latin1');
      if (expected < 0) expected = wholeLength(received);
      if (expected < 0 || received.length < expected) return;
      socket.off('data', onData);
      if (!/^HTTP\/1\.[01] 200/.test(received)) reject(new Error(received.slice(0, 300)));
      resolve(received.startsWith('HTTP/1.1') && !/\r\nconnection: close/i.test(received.slice(0, 1_000)));
    };
    socket.on('data', onData);
    socket.write(request);
  });
}

/** Bytes of the answer with its head, or -1 while that is not all there. */
function wholeLength(received: string): number {
  const head = received.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(received.slice(0, head))?.[1];
  return head < 0 || length === undefined ? -1 : head + 4 + Number(length);
}
