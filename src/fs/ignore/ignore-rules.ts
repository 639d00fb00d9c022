import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import type ignorePackage from 'ignore';
import { statOf } from '../identity.ts';
import { rebased, takenOut } from './rebase.ts';

/** Files that hold rules, in the order in which they are read: a later rule overrules an earlier one. */
const ignoreFiles = ['.dvcignore', '.mlpignore'];

/** The rules for what stands in one folder: those of its own ignore files after those of the folders above. */
export interface FolderRules {
  readonly matcher: ignorePackage.Ignore;
  /** One text for equal rules. */
  readonly text: string;
}

/**
 * What `.mlpignore` and `.dvcignore` of a workspace, in gitignore's syntax, leave out of directories. A folder's files are read once by
 * an instance; the package that understands them is loaded where there are any. Paths are relative to the workspace, with `/`.
 */
export class IgnoreRules {
  readonly #root: string;
  readonly #known = new Map<string, FolderRules | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The rules for what stands in a folder; undefined where there are none, outside the workspace, and below `.mlp`. */
  of(folder: string): FolderRules | undefined {
    if (hasNoRules(folder)) return undefined;
    const key = folder === '.' ? '' : folder;
    if (this.#known.has(key)) return this.#known.get(key);
    const above = key === '' ? undefined : this.of(posix.dirname(key));
    const names = ignoreFiles.filter((name) => statOf(join(this.#root, key, name))?.isFile() === true);
    const rules = this.below(above, key, names);
    this.#known.set(key, rules);
    return rules;
  }

  /** The rules for what stands in `folder`, whose entries have these names, given those of the folder above. */
  below(above: FolderRules | undefined, folder: string, names: readonly string[]): FolderRules | undefined {
    const found = ignoreFiles.filter((name) => names.includes(name));
    if (found.length === 0 || hasNoRules(folder)) return above;
    const matcher = newMatcher(above);
    let text = above?.text ?? '';
    for (const name of found) {
      const file = posix.join(folder, name);
      const content = readFileSync(join(this.#root, file), 'utf8');
      content.split(/\r?\n/).forEach((line, index) => {
        const pattern = rebased(index === 0 ? line.replace(/^\uFEFF/, '') : line, folder);
        if (pattern !== undefined) matcher.add({ pattern, mark: `${file}:${index + 1}` });
      });
      text += `${file}\n${content}\n`;
    }
    return { matcher, text };
  }

  /**
   * As `of`, for a directory that a stage names: it counts even where a rule leaves it or a folder above it out, and the rules then
   * act on what is in it.
   */
  ofNamed(folder: string): FolderRules | undefined {
    const rules = this.of(folder);
    if (rules === undefined || folder === '.' || !rules.matcher.ignores(`${folder}/`)) return rules;
    const matcher = newMatcher(rules);
    for (let up = folder; up !== '.'; up = posix.dirname(up)) matcher.add(takenOut(up));
    return { matcher, text: rules.text };
  }

  /** The place and the text of the rule that leaves a path out; undefined when it counts. */
  ruleAgainst(path: string): { readonly place: string; readonly pattern: string } | undefined {
    if (path === '.') return undefined;
    const rules = this.of(posix.dirname(path));
    if (rules === undefined) return undefined;
    const asFile = rules.matcher.test(path);
    const { ignored, rule } = asFile.ignored ? asFile : rules.matcher.test(`${path}/`);
    return ignored ? { place: rule?.mark ?? '', pattern: rule?.pattern ?? '' } : undefined;
  }
}

const hasNoRules = (folder: string): boolean => posix.isAbsolute(folder) || /^(\.\.|\.mlp)(\/|$)/.test(folder);

export const isIgnored = (rules: FolderRules | undefined, path: string, isFolder: boolean): boolean =>
  rules?.matcher.ignores(isFolder ? `${path}/` : path) === true;

/** As git does on Linux, and DVC everywhere, upper and lower case differ. */
function newMatcher(base: FolderRules | undefined): ignorePackage.Ignore {
  const require = createRequire(import.meta.url);
  const ignore = require('ignore') as typeof ignorePackage;
  const matcher = ignore({ ignorecase: false, allowRelativePaths: true });
  return base === undefined ? matcher : matcher.add(base.matcher);
}
