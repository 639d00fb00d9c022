import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../core/events.ts';
import { displayWidth } from '../display-width.ts';
import { printed, progress, runStarted, stageStarted, stageFailed } from '../event-fixtures.ts';
import { styleFor } from '../style.ts';
import { emptyView, reduceView } from '../view-state.ts';
import type { ViewState } from '../view-state.ts';
import { rowsOf } from './frame.ts';

const fold = (...events: readonly EngineEvent[]): ViewState =>
  events.reduce((state, event) => reduceView(state, event, 0), emptyView);
const screen = { columns: 80, rows: 24, style: styleFor(false) };

describe('the rows of a live picture', () => {
  it('show a running stage with spinner, time and its last line', () => {
    const view = fold(runStarted('preprocess', 'train'), stageStarted('train'), printed('train', 'epoch 3\n'));
    expect(rowsOf(view, 2340, screen)).toEqual(['⠏ train        running    2.3s    epoch 3']);
    expect(rowsOf(view, 65_000, screen)[0]).toContain('1m05s');
  });

  it('turn the spinner', () => {
    const view = fold(stageStarted('train'));
    const pictures = Array.from({ length: 10 }, (_, i) => rowsOf(view, i * 80, screen)[0]?.[0]);
    expect(new Set(pictures).size).toBe(10);
  });

  it.each([24, 40, 80, 200])('never fill the last of %d columns, whatever a stage prints', (columns) => {
    const noise = '\u001b[41m日本語\t\u0007'.repeat(50);
    const view = fold(
      runStarted('x'.repeat(90)),
      stageStarted('x'.repeat(90), 2),
      printed('x'.repeat(90), noise),
      progress(1, 10, 'y'.repeat(90)),
    );
    const rows = rowsOf(view, 5000, { ...screen, columns });
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(displayWidth(row)).toBeLessThan(columns);
      expect(row).not.toMatch(/[\u0000-\u001f]/);
    }
  });

  it('stay fewer than the rows of the screen and count what they leave out', () => {
    const names = Array.from({ length: 40 }, (_, i) => `s${i}`);
    const view = fold(runStarted(...names), ...names.map((name) => stageStarted(name)), progress(1, 10));
    const rows = rowsOf(view, 5000, { ...screen, rows: 10 });
    expect(rows).toHaveLength(8);
    expect(rows[5]).toBe('  and 35 more stages running');
    expect(rows[6]).toContain('hashing');
    expect(rows[7]).toBe('  0 of 40 stages done');
    expect(rowsOf(view, 5000, { ...screen, rows: 3 })).toEqual(['  and 40 more stages running']);
  });

  it('say how far a long run is, and that something failed', () => {
    const names = Array.from({ length: 11 }, (_, i) => `s${i}`);
    const view = fold(runStarted(...names), stageFailed('s0'), stageStarted('s1'));
    expect(rowsOf(view, 0, screen).at(-1)).toBe('  0 of 11 stages done, 1 failed');
  });
});
