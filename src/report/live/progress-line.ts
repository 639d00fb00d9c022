import { displayWidth, fitWidth } from '../display-width.ts';
import { formatBytes, formatDuration, formatRate } from '../format.ts';
import type { Style } from '../style.ts';
import { fitWidthKeepingEnd, plainLine } from '../terminal-text.ts';
import type { Task } from '../view-state.ts';

/** Work shorter than this shows no bar: it would only flash. */
const shownAfterMs = 1000;
const barWidth = 10;
const shortestLabel = 10;

const verbs: Record<Task['task'], string> = {
  hash: 'hashing',
  store: 'storing',
  restore: 'restoring',
  download: 'downloading',
};

export const isShown = (task: Task, now: number): boolean => now - task.since >= shownAfterMs;

/**
 * `hashing …lder/big.csv  ━━━━━╌╌╌╌╌   56 %  85.0 of 150.0 MB  34.0 MB/s  2s left`, at most `columns` wide. Where that is too
 * narrow the bar goes first, then the label.
 */
export function progressLine(
  task: Task,
  now: number,
  screen: { readonly columns: number; readonly style: Style },
): string {
  const verb = `  ${verbs[task.task]} `;
  const facts = factsOf(task, now);
  const label = plainLine(task.label);
  const least = Math.min(shortestLabel, displayWidth(label));
  const room = screen.columns - displayWidth(verb) - 2 - displayWidth(facts);
  if (room < least) return fitWidth(verb + facts, screen.columns);
  const withBar = task.total > 0 && room - barWidth - 2 >= least;
  const bar = withBar ? `${barOf(shareOf(task), screen.style)}  ` : '';
  return `${verb}${fitWidthKeepingEnd(label, withBar ? room - barWidth - 2 : room)}  ${bar}${facts}`;
}

const shareOf = (task: Task): number => (task.total > 0 ? Math.min(1, task.done / task.total) : 0);

function factsOf(task: Task, now: number): string {
  const rate = rateOf(task, now);
  const speed = rate > 0 ? [formatRate(rate)] : [];
  if (task.total <= 0) return [formatBytes(task.done), ...speed].join('  ');
  const percent = `${String(Math.floor(shareOf(task) * 100)).padStart(3)} %`;
  const seconds = Math.ceil(Math.max(0, task.total - task.done) / rate);
  const left = rate > 0 ? [`${seconds < 60 ? `${seconds}s` : formatDuration(seconds)} left`] : [];
  return [percent, amountOf(task), ...speed, ...left].join('  ');
}

/** `85.0 of 150.0 MB`: the unit once where both have the same. */
function amountOf(task: Task): string {
  const done = formatBytes(task.done);
  const total = formatBytes(task.total);
  const [amount = '', unit] = done.split(' ');
  return total.endsWith(` ${unit}`) ? `${amount} of ${total}` : `${done} of ${total}`;
}

function barOf(share: number, style: Style): string {
  const full = Math.floor(share * barWidth);
  return style.cyan('━'.repeat(full)) + style.dim('╌'.repeat(barWidth - full));
}

/** Bytes a second over the measurements that are kept, which span the last few seconds; 0 before there are two. */
export function rateOf(task: Task, now: number): number {
  const oldest = task.samples[0];
  if (oldest === undefined) return 0;
  // Seen from now and not from the last event: a download that stands still gets slower on the screen too.
  const seconds = (now - oldest.at) / 1000;
  return seconds <= 0 ? 0 : Math.max(0, task.done - oldest.done) / seconds;
}
