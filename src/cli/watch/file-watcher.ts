import { dirname, join, relative, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import { foldersAbove, isWatched } from './watched-paths.ts';

export interface FileWatcherOptions {
  readonly root: string;
  /** Files and folders to watch, there or not; relative to the root. */
  readonly paths: Iterable<string>;
  /** Hears the path (absolute) of whatever came, went or changed among them. */
  readonly onEvent: (path: string) => void;
  readonly onError: (error: NodeJS.ErrnoException) => void;
}

/**
 * Hears of changes at paths of a workspace. All are watched through the folders above them, so that a file which an editor replaces, or
 * a folder that goes and comes back, is not lost.
 */
export class FileWatcher {
  readonly #watcher: FSWatcher;

  private constructor(watcher: FSWatcher) {
    this.#watcher = watcher;
  }

  /** Is back when every change from now on is heard. */
  static async open({ root, paths, onEvent, onError }: FileWatcherOptions): Promise<FileWatcher> {
    const watched = new Set(paths);
    const above = foldersAbove(watched);
    const outside = new Set(
      [...watched].filter((path) => path.startsWith('../')).map((path) => dirname(join(root, path))),
    );
    const nameOf = (file: string): string => relative(root, file).split(sep).join('/');
    const isWanted = (file: string): boolean => outside.has(file) || isWatched(nameOf(file), watched, above);
    const watcher = watch([root, ...outside], {
      ignoreInitial: true,
      atomic: false,
      ignored: (file) => !isWanted(file),
    });
    watcher.on('all', (_event, file) => {
      const name = nameOf(file);
      // Of the folders above, only their coming and going would count, and that shows in what is watched below them.
      if (name !== '' && isWatched(name, watched, new Set())) onEvent(file);
      else if (above.has(name)) onEvent(file);
    });
    watcher.on('error', (error) => {
      onError(error as NodeJS.ErrnoException);
    });
    await new Promise<void>((resolve) => {
      watcher.once('ready', resolve);
    });
    return new FileWatcher(watcher);
  }

  async close(): Promise<void> {
    await this.#watcher.close();
  }
}
