import type { Random } from '../../core/random.ts';

interface Urn {
  readonly all: number;
  readonly marked: number;
  readonly drawn: number;
}

/** How many marked ones are among those drawn without putting back: one random number by inversion, or one a draw where that would underflow. */
export function hypergeometric(random: Random, { all, marked, drawn }: Urn): number {
  if (drawn >= all) return marked;
  if (marked >= all) return drawn;
  if (marked === 0) return 0;
  const more = Math.max(marked, drawn);
  const fewer = Math.min(marked, drawn);
  let chance = 1;
  for (let i = 0; i < fewer && chance > 0; i++) chance *= (all - more - i) / (all - i);
  if (chance < 1e-12) return drawOneByOne(random, { all, marked, drawn });
  let rest = random() - chance;
  let hits = 0;
  while (rest >= 0 && hits < fewer) {
    chance *= ((marked - hits) * (drawn - hits)) / ((hits + 1) * (all - marked - drawn + hits + 1));
    rest -= chance;
    hits++;
  }
  return hits;
}

function drawOneByOne(random: Random, { all, marked, drawn }: Urn): number {
  let left = marked;
  for (let i = 0; i < drawn && left > 0; i++) if (random() * (all - i) < left) left--;
  return marked - left;
}
