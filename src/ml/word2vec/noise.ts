/** Noise words are drawn by their count to this power (Mikolov et al. 2013). */
const noisePower = 0.75;

/**
 * Walker's alias method (Vose 1991) for noise words: draw a slot evenly, then take its own word with the probability `own[slot]`, else
 * `alias[slot]`. Both arrays are in shared memory.
 */
export function noiseTable(counts: Int32Array): { readonly own: Float32Array; readonly alias: Int32Array } {
  const words = counts.length;
  const own = new Float32Array(new SharedArrayBuffer(words * 4)).fill(1);
  const alias = new Int32Array(new SharedArrayBuffer(words * 4));
  const shares = Float64Array.from(counts, (count) => count ** noisePower);
  const mean = shares.reduce((sum, share) => sum + share, 0) / words;
  const small = new Int32Array(words);
  const large = new Int32Array(words);
  let [smalls, larges] = [0, 0];
  for (let word = 0; word < words; word++) {
    const share = (shares[word] ?? 0) / mean;
    shares[word] = share;
    if (share < 1) small[smalls++] = word;
    else large[larges++] = word;
  }
  while (smalls > 0 && larges > 0) {
    const poor = small[--smalls] ?? 0;
    const rich = large[larges - 1] ?? 0;
    own[poor] = shares[poor] ?? 0;
    alias[poor] = rich;
    shares[rich] = (shares[rich] ?? 0) + (shares[poor] ?? 0) - 1;
    if ((shares[rich] ?? 0) >= 1) continue;
    larges--;
    small[smalls++] = rich;
  }
  return { own, alias };
}

/**
 * The probability of each word to stay under sub-sampling of those more frequent than a share `sample` of all words: the formula of the word2vec
 * program, which keeps a little more than the paper's. 0 keeps all.
 */
export function keepProbabilities(counts: Int32Array, sample: number): Float32Array {
  const keep = new Float32Array(new SharedArrayBuffer(counts.length * 4)).fill(1);
  if (sample === 0) return keep;
  const threshold = sample * counts.reduce((sum, count) => sum + count, 0);
  for (let word = 0; word < counts.length; word++) {
    const ratio = threshold / (counts[word] ?? 1);
    keep[word] = Math.min(1, Math.sqrt(ratio) + ratio);
  }
  return keep;
}
