import { failureBlocks, type FailureBlocks } from './failure-block.ts';
import { traceText } from './trace-text.ts';
import type { ViewState } from './view-state.ts';

/** What stands below the stage lines of a run: undeclared files that its traces found, then its failures. Often empty. */
export async function closingText(
  view: ViewState,
  screen: Pick<FailureBlocks, 'style' | 'columns' | 'readLogTail'>,
): Promise<string> {
  const traces = traceText(view, screen.style);
  const failures = view.failures.length === 0 ? '' : await failureBlocks({ ...view, ...screen });
  return [traces, failures].map((text) => (text === '' ? '' : `\n${text}`)).join('');
}
