import { Worker } from 'node:worker_threads';
import { failure } from '../../core/failure.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import type { Corpus } from './corpus.ts';
import { fillTable, kernelModule, sigmoidTable, strideOf } from './kernel.ts';
import { keepProbabilities, noiseTable } from './noise.ts';
import type { Word2VecSettings } from './settings.ts';
import { scratchBytes, threadSource } from './training-thread.ts';
import type { ChunkDone, TrainingWork } from './training-thread.ts';
import { wasm } from '../wasm/host.ts';
import { WordVectors } from './word-vectors.ts';

/** Words of texts that a thread takes at once. */
const chunkWords = 10_000;
const pageBytes = 65_536;
const mostBytes = 65_535 * pageBytes;

/**
 * Word vectors by skip-gram or CBOW with negative sampling and sub-sampling of frequent words (Mikolov et al. 2013). Several threads change the same
 * vectors without locks (Hogwild, Recht et al. 2011), so that only one thread gives the same vectors again.
 */
export async function trainWordVectors(
  corpus: Corpus,
  settings: Word2VecSettings,
  control: FitControl = {},
): Promise<Result<WordVectors>> {
  const words = corpus.terms.size;
  if (words === 0 || corpus.ids.length === 0) return err(failure('no-terms', { texts: corpus.ends.length }));
  const work = prepare(corpus, settings);
  if (work === undefined) {
    const problem = `of ${settings.vector_size} makes the vectors of ${words} words larger than 4 GiB`;
    return err(failure('learning-param', { param: 'featurize.word2vec.vector_size', problem, near: [] }));
  }
  const watch = new EpochWatch(work, control);
  const threads = Math.min(settings.threads, (work.chunks.length - 1) * settings.epochs);
  await Promise.all(Array.from({ length: threads }, (_, number) => runThread(work, number, watch)));
  if (watch.cancelled) return err(failure('fit-cancelled', { algorithm: 'word2vec' }));
  return ok(new WordVectors(corpus.terms, vectorsOf(work, words), corpus.counts));
}

/** Lays out the shared memory: input vectors, output vectors (zeros), table, scratch. Undefined when it would be too large. */
function prepare(corpus: Corpus, settings: Word2VecSettings): TrainingWork | undefined {
  const words = corpus.terms.size;
  const stride = strideOf(settings.vector_size);
  const bytes = stride * 4;
  const table = 2 * words * bytes;
  const total = table + sigmoidTable.entries * 12 + settings.threads * scratchBytes(bytes, settings);
  if (total > mostBytes) return undefined;
  const pages = Math.ceil(total / pageBytes);
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  const floats = new Float32Array(memory.buffer);
  const random = seededRandom(settings.seed);
  // From -1 to 1 over the size, as gensim 4; the authors' program begins with half of that, and CBOW, whose means are small, then lags behind.
  for (let word = 0; word < words; word++) {
    const first = word * stride;
    for (let i = 0; i < settings.vector_size; i++) floats[first + i] = (2 * random() - 1) / settings.vector_size;
  }
  fillTable(new Float32Array(memory.buffer, table, sigmoidTable.entries * 3));
  return {
    module: new wasm.Module(kernelModule()),
    memory,
    places: { input: 0, output: words * bytes, table },
    bytes,
    ids: corpus.ids,
    ends: corpus.ends,
    chunks: chunksOf(corpus.ends),
    keep: keepProbabilities(corpus.counts, settings.sample),
    ...noiseTable(corpus.counts),
    control: new Int32Array(new SharedArrayBuffer(8)),
    settings,
  };
}

/** First text of each chunk, and one behind the last. */
function chunksOf(ends: Int32Array): Int32Array {
  const starts = [0];
  let words = 0;
  for (let text = 0; text < ends.length; text++) {
    const end = ends[text] ?? 0;
    if (end - words < chunkWords && text + 1 < ends.length) continue;
    starts.push(text + 1);
    words = end;
  }
  return Int32Array.from(starts);
}

/** Adds up what threads report, and tells of each epoch its mean loss once all of its words are through. */
class EpochWatch {
  readonly #work: TrainingWork;
  readonly #control: FitControl;
  readonly #words: Float64Array;
  readonly #loss: Float64Array;
  readonly #predictions: Float64Array;
  cancelled = false;

  constructor(work: TrainingWork, control: FitControl) {
    const { epochs } = work.settings;
    this.#work = work;
    this.#control = control;
    this.#words = new Float64Array(epochs);
    this.#loss = new Float64Array(epochs);
    this.#predictions = new Float64Array(epochs);
    this.#askWhetherCancelled();
  }

  hear({ chunk, words, loss, predictions }: ChunkDone): void {
    const { chunks, ids, settings } = this.#work;
    const epoch = Math.floor(chunk / (chunks.length - 1));
    this.#words[epoch] = (this.#words[epoch] ?? 0) + words;
    this.#loss[epoch] = (this.#loss[epoch] ?? 0) + loss;
    this.#predictions[epoch] = (this.#predictions[epoch] ?? 0) + predictions;
    if (this.#words[epoch] === ids.length) {
      const value = (this.#loss[epoch] ?? 0) / Math.max(1, this.#predictions[epoch] ?? 0);
      this.#control.onProgress?.({ iteration: epoch + 1, total: settings.epochs, value });
    }
    this.#askWhetherCancelled();
  }

  #askWhetherCancelled(): void {
    if (this.#control.cancelled?.() !== true) return;
    this.cancelled = true;
    Atomics.store(this.#work.control, 1, 1);
  }
}

/** Threads end by themselves when there is no chunk left. */
async function runThread(work: TrainingWork, number: number, watch: EpochWatch): Promise<void> {
  const { settings, bytes, places, ends } = work;
  const scratch = places.table + sigmoidTable.entries * 12 + number * scratchBytes(bytes, settings);
  let longest = 0;
  for (let text = 0; text < ends.length; text++) {
    longest = Math.max(longest, (ends[text] ?? 0) - (text === 0 ? 0 : (ends[text - 1] ?? 0)));
  }
  const worker = new Worker(threadSource(), { eval: true, workerData: { work, scratch, longest } });
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (done: ChunkDone) => {
      watch.hear(done);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      resolve();
    });
  });
}

/** Input vectors without what fills them up. */
function vectorsOf({ memory, bytes, settings }: TrainingWork, words: number): Float32Array {
  const size = settings.vector_size;
  const values = new Float32Array(words * size);
  for (let word = 0; word < words; word++) {
    values.set(new Float32Array(memory.buffer, word * bytes, size), word * size);
  }
  return values;
}
