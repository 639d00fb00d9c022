import { posix } from 'node:path';
import { nearestNames } from '../core/nearest.ts';

const most = 2;

/**
 * The paths that someone who wrote `missing` may have meant, nearest first: files of the same folder with a like name, else known
 * paths whose folder and name are both like it, or that only lie in another folder.
 */
export function nearPaths(
  missing: string,
  { siblings, known }: { readonly siblings: readonly string[]; readonly known: readonly string[] },
): string[] {
  const { dir, base, name } = posix.parse(missing);
  // Without the ending, which makes files of a kind look alike.
  const inFolder = known.filter((path) => posix.parse(path).dir === dir).map((path) => posix.basename(path));
  const likely = [...siblings, ...inFolder].filter((sibling) => isLike(name, posix.parse(sibling).name));
  const beside = nearestNames(base, likely, most).map((sibling) => posix.join(dir, sibling));
  if (beside.length > 0) return beside;
  const elsewhere = known.filter((path) => {
    const other = posix.parse(path);
    if (other.dir === dir) return false;
    return other.base === base || (isLike(dir, other.dir) && isLike(name, other.name));
  });
  const like = nearestNames(missing, elsewhere, most);
  const moved = elsewhere.filter((path) => posix.basename(path) === base).sort();
  return [...new Set([...like, ...moved])].slice(0, most);
}

const isLike = (typed: string, name: string): boolean => nearestNames(typed, [name]).length > 0;
