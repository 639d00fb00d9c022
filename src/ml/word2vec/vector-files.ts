import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FittedBlock } from '../features/block.ts';
import { systemProblem, writeWhole } from '../io/files.ts';
import type { TermTable } from '../text/term-table.ts';
import { DocumentVectors } from './document-vectors.ts';
import { VectorFileParser, mostRecordBytes } from './vector-file-parser.ts';
import { WordVectors } from './word-vectors.ts';

const pieceBytes = 1 << 20;

/**
 * Reads word vectors that word2vec, gensim or GloVe wrote, as text or binary: which of them it is, the file shows. With `only`, of the words in that table.
 * The file is read in pieces, so that no more of it is in memory than what is kept.
 */
export async function readWordVectors(file: string, only?: TermTable): Promise<Result<WordVectors>> {
  const unreadable = (problem: string): Result<never> => err(failure('word-vectors-invalid', { file, problem }));
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const parser = new VectorFileParser(only);
    const problem = await parseAll(handle, parser);
    if (problem !== undefined) return unreadable(problem);
    if (parser.terms.size === 0) return unreadable(`none of its ${parser.words} words occurs in the texts`);
    return ok(new WordVectors(parser.terms, parser.values(), null));
  } catch (error) {
    return unreadable(systemProblem(error));
  } finally {
    await handle?.close();
  }
}

async function parseAll(handle: FileHandle, parser: VectorFileParser): Promise<string | undefined> {
  let rest = Buffer.alloc(0);
  for (;;) {
    const piece = Buffer.alloc(pieceBytes);
    const { bytesRead } = await handle.read(piece, 0, pieceBytes);
    const whole = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    const taken = parser.take(whole, bytesRead === 0);
    if (typeof taken === 'string') return taken;
    rest = whole.subarray(taken);
    if (bytesRead === 0) return parser.endProblem(rest.length);
    if (rest.length > mostRecordBytes) return `it has a line of more than ${mostRecordBytes} bytes`;
  }
}

/** Writes word vectors in the format of the word2vec program, which gensim reads with `KeyedVectors.load_word2vec_format`. */
export async function writeWordVectors(
  file: string,
  vectors: WordVectors,
  format: 'text' | 'binary' = 'text',
): Promise<void> {
  const { terms, size, values } = vectors;
  const pieces: Buffer[] = [Buffer.from(`${terms.size} ${size}\n`)];
  for (let id = 0; id < terms.size; id++) {
    const own = values.subarray(id * size, (id + 1) * size);
    const word = terms.term(id);
    if (/[ \n]/u.test(word)) throw new Error(`"${word}" is no single word, which the format asks for`);
    if (format === 'binary') {
      pieces.push(Buffer.from(`${word} `), Buffer.from(Float32Array.from(own).buffer));
    } else {
      // Nine digits are enough to tell any two 32-bit floats apart.
      pieces.push(Buffer.from(`${[word, ...Array.from(own, (value) => Number(value.toPrecision(9)))].join(' ')}\n`));
    }
  }
  await writeWhole(file, Buffer.concat(pieces));
}

/** The word vectors in features of the kind `word2vec`; undefined in others. */
export function wordVectorsOf(features: { readonly blocks: readonly FittedBlock[] }): WordVectors | undefined {
  const block = features.blocks.find((each) => each instanceof DocumentVectors);
  return block?.vectors;
}
