import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Gives the file that a package of npm begins with, or undefined where it is not installed. */
export type FindPackage = (name: string) => string | undefined;

/** Looks in the project first, then beside this program: they are not the same where `mlp` is installed for all projects. */
export const packageFinder =
  (places: readonly string[]): FindPackage =>
  (name) => {
    for (const place of places) {
      try {
        return createRequire(place).resolve(name);
      } catch {
        // Not there: the next place is asked.
      }
    }
    return undefined;
  };

export const findPackage: FindPackage = (name) =>
  packageFinder([pathToFileURL(join(process.cwd(), 'package.json')).href, import.meta.url])(name);
