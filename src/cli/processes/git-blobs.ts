import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { gitOptions } from './git.ts';

/** The bytes of blobs by their ids, all read by one git process: starting one for each takes longer than reading it. */
export async function gitBlobs(
  folder: string,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  const what = 'read the files of the revisions';
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return ok(new Map());
  const { execa } = await import('execa');
  const child = execa('git', ['cat-file', '--batch'], {
    ...gitOptions(folder),
    input: wanted.map((id) => `${id}\n`).join(''),
    buffer: false,
    stderr: 'ignore',
  });
  const reader = new BlobReader();
  for await (const chunk of child.stdout) reader.take(chunk as Buffer);
  const ended = await child;
  if (ended.failed) return err(failure('git-failed', { what, problem: ended.shortMessage ?? 'it was ended' }));
  const lost = wanted.find((id) => !reader.found.has(id));
  if (lost !== undefined) return err(failure('git-failed', { what, problem: `it does not have the object ${lost}` }));
  return ok(reader.found);
}

const lineEnd = 10;

/** Takes apart what `git cat-file --batch` prints, in pieces of any length: a line `ID blob SIZE`, the bytes, a line end. */
export class BlobReader {
  readonly found = new Map<string, Uint8Array>();
  #pieces: Buffer[] = [];
  #held = 0;
  /** How many bytes the blob that is being read takes with its line end; undefined while its first line is. */
  #blob: { readonly id: string; readonly bytes: number } | undefined;

  take(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    // A large blob comes in many pieces: they are put together once, when all are there.
    while (this.#held >= (this.#blob?.bytes ?? 1) && this.#step());
  }

  /** Whether anything was complete. */
  #step(): boolean {
    const [first] = this.#pieces;
    const all = first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    const end = this.#blob?.bytes ?? all.indexOf(lineEnd) + 1;
    if (end === 0) {
      this.#pieces = [all];
      return false;
    }
    if (this.#blob === undefined) {
      const [, id = '', size = '0'] = /^(\S+) blob (\d+)\n$/.exec(all.toString('latin1', 0, end)) ?? [];
      // Any other line says that git does not have it.
      if (id !== '') this.#blob = { id, bytes: Number(size) + 1 };
    } else {
      this.found.set(this.#blob.id, Buffer.from(all.subarray(0, end - 1)));
      this.#blob = undefined;
    }
    const rest = all.subarray(end);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    return true;
  }
}
