import { Static, Text, render } from 'ink';
import { Fragment, createElement } from 'react';
import type { ReactElement } from 'react';

/** One picture of a run. Lines are painted and fit the screen. */
export interface Frame {
  /** Only ever appended to. */
  readonly finished: readonly string[];
  readonly rows: readonly string[];
}

/**
 * Final lines scroll up and are never touched again; the rows below them are redrawn. The newest final line is redrawn too: a
 * picture without any row would leave an empty line behind when the run ends. Without JSX, whose development runtime
 * the tests' compiler would choose against React's production build (see load-view.ts).
 */
export function runView(frame: Frame): ReactElement {
  const rows = [...frame.finished.slice(-1), ...frame.rows];
  return createElement(
    Fragment,
    null,
    createElement(Static<string>, {
      items: frame.finished.slice(0, -1),
      children: (line, at) => createElement(Text, { key: at }, line),
    }),
    ...rows.map((row, at) => createElement(Text, { key: at, wrap: 'truncate' }, row)),
  );
}

export interface MountedView {
  show(frame: Frame): void;
  /** Shows the last picture and gives the terminal back. */
  close(): Promise<void>;
}

/** Puts the view on a terminal. Ctrl-C and console output stay the process's own. */
export function mountRunView(stdout: NodeJS.WriteStream, first: Frame): MountedView {
  const ink = render(runView(first), { stdout, exitOnCtrlC: false, patchConsole: false });
  return {
    show: (frame) => {
      ink.rerender(runView(frame));
    },
    close: async () => {
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}
