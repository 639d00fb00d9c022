import { createRequire } from 'node:module';
import type { Frame, MountedView } from './run-view.ts';

export interface RunViewModule {
  readonly mountRunView: (stdout: NodeJS.WriteStream, first: Frame) => MountedView;
}

/**
 * Loads Ink and React. React picks its development build unless NODE_ENV says otherwise, and that build records every
 * picture in the process's performance timeline, which grows for as long as a run lasts. NODE_ENV is set only while the
 * modules are read, in one turn of the event loop, so that no stage can inherit it.
 */
export async function loadRunView(): Promise<RunViewModule> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    const require = createRequire(import.meta.url);
    require('react');
    const requireFromInk = createRequire(require.resolve('ink'));
    requireFromInk('react-reconciler');
    requireFromInk('react-reconciler/constants.js');
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  return await import('./run-view.ts');
}
