import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of tools: what is in them is no input that a person would declare, wherever they stand. */
const toolFolders = new Set([
  ...['.git', '.hg', '.svn', '.mlp', '.dvc', 'node_modules', '.venv', '.conda', '.tox', '.nox', '.eggs'],
  ...['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.ipynb_checkpoints', '.cache', '.npm', '.yarn'],
]);

/** What interpreters look for by themselves, beside whatever they run. */
const toolFiles = new Set(['package.json', 'tsconfig.json', 'jsconfig.json', 'pyvenv.cfg', '.DS_Store']);
const toolEndings = ['.pyc', '.pyo', '.egg-info', '.egg-link'];

/** Whether a file belongs to an interpreter, a tool or a temporary folder, and is never remarked on. */
export class Unremarkable {
  readonly #root: string;
  readonly #temporary: string | undefined;
  readonly #ignored: (path: string) => boolean;
  readonly #environments = new Map<string, boolean>();

  /**
   * `temporary`: the folder for temporary files, relative to the workspace, when it lies in it. `ignored`: what the project's own
   * ignore files leave out.
   */
  constructor(options: { root: string; temporary: string | undefined; ignored: (path: string) => boolean }) {
    this.#root = options.root;
    this.#temporary = options.temporary;
    this.#ignored = options.ignored;
  }

  has(path: string): boolean {
    const parts = path.split('/');
    const name = parts.at(-1) ?? '';
    if (parts.some((part) => toolFolders.has(part)) || toolFiles.has(name)) return true;
    if (toolEndings.some((ending) => name.endsWith(ending))) return true;
    if (this.#temporary !== undefined && `${path}/`.startsWith(`${this.#temporary}/`)) return true;
    const folders = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
    return folders.some((folder) => this.#isEnvironment(folder)) || this.#ignored(path);
  }

  /** A virtual environment of Python, or of conda, under whatever name. */
  #isEnvironment(folder: string): boolean {
    const known = this.#environments.get(folder);
    if (known !== undefined) return known;
    const marks = ['pyvenv.cfg', 'conda-meta'];
    const found = marks.some((mark) => existsSync(join(this.#root, folder, mark)));
    this.#environments.set(folder, found);
    return found;
  }
}

/** The source that Python would read if it had not compiled it before: `a/__pycache__/b.cpython-312.pyc` is `a/b.py`. */
export function sourceOfCompiled(path: string): string | undefined {
  const found = /^(.*\/)?__pycache__\/([^/]+?)\.[^/.]+(?:\.opt-\d)?\.pyc$/.exec(path);
  return found === null ? undefined : `${found[1] ?? ''}${found[2] ?? ''}.py`;
}
