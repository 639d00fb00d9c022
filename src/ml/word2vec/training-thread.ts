import type { Word2VecSettings } from './settings.ts';
import type { SharedMemory, WasmHost } from '../wasm/host.ts';

/** What all threads work on; arrays lie in shared memory. */
export interface TrainingWork {
  readonly module: object;
  readonly memory: SharedMemory;
  /** Addresses in that memory, in bytes. */
  readonly places: { readonly input: number; readonly output: number; readonly table: number };
  /** Bytes of one vector. */
  readonly bytes: number;
  /** Word numbers of all texts; text i ends before `ends[i]`. */
  readonly ids: Int32Array;
  readonly ends: Int32Array;
  /** Chunk i begins with text `chunks[i]`; one more stands behind the last. */
  readonly chunks: Int32Array;
  /** Of each word: the probability of staying under sub-sampling. */
  readonly keep: Float32Array;
  /** Noise words by the alias method: slot i stands for word i, with the probability `own[i]`, else for `alias[i]`. */
  readonly own: Float32Array;
  readonly alias: Int32Array;
  /** Number of the next chunk to be taken, over all epochs; and whether all are to end. */
  readonly control: Int32Array;
  readonly settings: Word2VecSettings;
}

/** What a thread says after each chunk. */
export interface ChunkDone {
  readonly chunk: number;
  readonly words: number;
  /** Sum of the negative log-likelihoods, and how many predictions it is over. */
  readonly loss: number;
  readonly predictions: number;
}

interface Thread extends TrainingWork {
  readonly ints: Int32Array;
  readonly state: Int32Array;
  /** Scratch: words of the present text that stay. */
  readonly kept: Int32Array;
  /** Loss and predictions of the present chunk. */
  readonly totals: Float64Array;
  /** Addresses of scratch of this thread. */
  readonly hidden: number;
  readonly error: number;
  readonly targets: number;
  /** There stand the addresses of the vectors around a word. */
  readonly around: number;
  add(from: number, to: number, bytes: number): void;
  mean(list: number, last: number, to: number, bytes: number, factor: number): void;
  addToAll(from: number, list: number, last: number, bytes: number): void;
  clear(vector: number, bytes: number): void;
  step(...args: readonly number[]): number;
}

/** Scratch that each thread has at the end of the memory, in bytes, for vectors of so many. */
export const scratchBytes = (bytes: number, { negative, window }: Word2VecSettings): number =>
  2 * bytes + Math.ceil((negative + 1) / 8) * 32 + Math.ceil(window / 4) * 32;

/** As text, what a worker runs: the functions below use nothing but each other, so that no second bundle must be built and found. */
export const threadSource = (): string =>
  [draw, seed, keepWords, chooseTargets, predict, skipGram, cbow, trainChunk]
    .map((part) => part.toString())
    .concat(`(${serve.toString()})()`)
    .join('\n');

/** xorshift32 (Marsaglia 2003): 32 random bits. */
function draw(state: Int32Array): number {
  let bits = state[0] ?? 1;
  bits ^= bits << 13;
  bits ^= bits >>> 17;
  bits ^= bits << 5;
  state[0] = bits;
  return bits >>> 0;
}

/** Each chunk has random numbers of its own, whichever thread takes it. */
function seed(state: Int32Array, settings: Word2VecSettings, chunk: number): void {
  let mixed = settings.seed ^ Math.imul(chunk + 1, 0x9e3779b9);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  state[0] = mixed ^ (mixed >>> 16) || 1;
}

/** Sub-samples frequent words of a range of the texts; gives how many stay. */
function keepWords({ ids, keep, kept, state }: Thread, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const id = ids[at] ?? 0;
    const probability = keep[id] ?? 0;
    if (probability >= 1 || draw(state) < probability * 4294967296) kept[length++] = id;
  }
  return length;
}

/**
 * Lists the output vectors of a word and of noise words; noise that is the word itself is passed over. Gives how many. One draw gives both the
 * slot and, by its lower bits, who of the slot's two words it is.
 */
function chooseTargets({ ints, targets, places, bytes, own, alias, state, settings }: Thread, word: number): number {
  const { negative } = settings;
  const { output } = places;
  const first = targets >>> 2;
  const perBit = own.length / 4294967296;
  let bits = state[0] ?? 1;
  let count = 1;
  ints[first] = output + word * bytes;
  for (let i = 0; i < negative; i++) {
    // As draw, without the call.
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    const place = (bits >>> 0) * perBit;
    const slot = place | 0;
    const noise = place - slot < (own[slot] ?? 0) ? slot : (alias[slot] ?? 0);
    if (noise !== word) ints[first + count++] = output + noise * bytes;
  }
  state[0] = bits;
  return count;
}

/** One prediction of `word` from the vector at `hidden`; what that is to change by is left at `error`. */
function predict(thread: Thread, hidden: number, word: number, alpha: number): void {
  const { error, targets, bytes, places, totals } = thread;
  const count = chooseTargets(thread, word);
  thread.clear(error, bytes);
  totals[0] = (totals[0] ?? 0) + thread.step(hidden, error, targets, count, alpha, bytes, places.table);
  totals[1] = (totals[1] ?? 0) + 1;
}

/** Each word around a word predicts it. */
function skipGram(thread: Thread, length: number, alpha: number): void {
  const { kept, state, places, bytes, error, settings } = thread;
  for (let centre = 0; centre < length; centre++) {
    const reach = settings.window - (draw(state) % settings.window);
    const end = Math.min(length, centre + reach + 1);
    for (let at = Math.max(0, centre - reach); at < end; at++) {
      if (at === centre) continue;
      const input = places.input + (kept[at] ?? 0) * bytes;
      predict(thread, input, kept[centre] ?? 0, alpha);
      thread.add(error, input, bytes);
    }
  }
}

/** The mean of the words around a word predicts it. */
function cbow(thread: Thread, length: number, alpha: number): void {
  const { kept, state, places, bytes, error, hidden, settings, ints, around } = thread;
  for (let centre = 0; centre < length; centre++) {
    const reach = settings.window - (draw(state) % settings.window);
    const end = Math.min(length, centre + reach + 1);
    const first = around >>> 2;
    let count = 0;
    for (let at = Math.max(0, centre - reach); at < end; at++) {
      if (at !== centre) ints[first + count++] = places.input + (kept[at] ?? 0) * bytes;
    }
    if (count === 0) continue;
    const last = around + count * 4;
    thread.mean(around, last, hidden, bytes, 1 / count);
    predict(thread, hidden, kept[centre] ?? 0, alpha);
    thread.addToAll(error, around, last, bytes);
  }
}

/** Trains on the texts of a chunk, at the rate that its place in the whole training gives. */
function trainChunk(thread: Thread, chunk: number): ChunkDone {
  const { chunks, ends, settings, totals, ids } = thread;
  const perEpoch = chunks.length - 1;
  const own = chunk % perEpoch;
  const first = chunks[own] ?? 0;
  const last = chunks[own + 1] ?? 0;
  const from = first === 0 ? 0 : (ends[first - 1] ?? 0);
  const done = (Math.floor(chunk / perEpoch) + from / ids.length) / settings.epochs;
  const alpha = settings.alpha - (settings.alpha - settings.min_alpha) * done;
  seed(thread.state, settings, chunk);
  totals.fill(0);
  let start = from;
  for (let text = first; text < last; text++) {
    const end = ends[text] ?? 0;
    const length = keepWords(thread, start, end);
    if (settings.model === 'cbow') cbow(thread, length, alpha);
    else skipGram(thread, length, alpha);
    start = end;
  }
  return { chunk, words: start - from, loss: totals[0] ?? 0, predictions: totals[1] ?? 0 };
}

/** Takes chunks until there are none, or all are told to end. */
function serve(): void {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { work, scratch, longest } = threads.workerData as { work: TrainingWork; scratch: number; longest: number };
  // This function is handed to the thread as text, without what it would import.
  const { WebAssembly } = globalThis as unknown as WasmHost;
  const { exports } = new WebAssembly.Instance(work.module, { env: { memory: work.memory } });
  const { buffer } = work.memory;
  const thread = {
    ...work,
    ...(exports as Pick<Thread, 'add' | 'mean' | 'addToAll' | 'clear' | 'step'>),
    ints: new Int32Array(buffer),
    state: new Int32Array(1),
    kept: new Int32Array(longest),
    totals: new Float64Array(2),
    hidden: scratch,
    error: scratch + work.bytes,
    targets: scratch + 2 * work.bytes,
    around: scratch + 2 * work.bytes + Math.ceil((work.settings.negative + 1) / 8) * 32,
  };
  const total = (work.chunks.length - 1) * work.settings.epochs;
  for (;;) {
    const chunk = Atomics.add(work.control, 0, 1);
    if (chunk >= total || Atomics.load(work.control, 1) !== 0) return;
    threads.parentPort?.postMessage(trainChunk(thread, chunk));
  }
}
