import type { AnalyzerOptions } from '../text/grams.ts';
import { createAnalyzer } from '../text/grams.ts';
import { TermTable } from '../text/term-table.ts';
import { IntBuffer } from '../text/units.ts';

/** Texts as numbers of words, for training. */
export interface Corpus {
  /** The most frequent first; of equally frequent ones the alphabetically first. */
  readonly terms: TermTable;
  readonly counts: Int32Array;
  /** Words of all texts, in shared memory; text i ends before `ends[i]`. Rare words are left out. */
  readonly ids: Int32Array;
  readonly ends: Int32Array;
}

/** Cuts (cleaned) texts into words and numbers those that occur at least `minCount` times. */
export function buildCorpus(texts: readonly string[], analyzer: AnalyzerOptions, minCount: number): Corpus {
  const terms = new TermTable();
  const all = new IntBuffer();
  const textEnds = new Int32Array(texts.length);
  const cutter = createAnalyzer(analyzer);
  for (const [row, text] of texts.entries()) {
    const { text: source, starts, ends, hashes } = cutter.analyze(text);
    for (let i = 0; i < starts.length; i++) {
      all.push(terms.intern(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0, hashes.values[i] ?? 0));
    }
    textEnds[row] = all.length;
  }
  const counts = new Int32Array(terms.size);
  for (let at = 0; at < all.length; at++) {
    const id = all.values[at] ?? 0;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  const frequent = Int32Array.from(counts.keys()).filter((id) => (counts[id] ?? 0) >= minCount);
  frequent.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || terms.compare(a, b));
  const kept = { terms: terms.pick(frequent), counts: Int32Array.from(frequent, (id) => counts[id] ?? 0) };
  return { ...kept, ...renumbered(all, textEnds, { frequent, terms: terms.size }) };
}

function renumbered(
  all: IntBuffer,
  textEnds: Int32Array,
  { frequent, terms }: { readonly frequent: Int32Array; readonly terms: number },
): Pick<Corpus, 'ids' | 'ends'> {
  const numbers = new Int32Array(terms).fill(-1);
  for (let number = 0; number < frequent.length; number++) numbers[frequent[number] ?? 0] = number;
  const ids = new Int32Array(new SharedArrayBuffer(all.length * 4));
  const ends = new Int32Array(new SharedArrayBuffer(textEnds.length * 4));
  let to = 0;
  for (let text = 0, at = 0; text < textEnds.length; text++) {
    for (; at < (textEnds[text] ?? 0); at++) {
      const number = numbers[all.values[at] ?? 0] ?? -1;
      if (number >= 0) ids[to++] = number;
    }
    ends[text] = to;
  }
  return { ids: ids.subarray(0, to), ends };
}
