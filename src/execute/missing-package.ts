import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package that the nearest package.json names and that is not installed. */
export interface MissingPackage {
  readonly name: string;
  /** The folder of that package.json, absolute: `npm install` there brings it. */
  readonly folder: string;
}

/**
 * What Node says of a package that it does not find: for `import` "Cannot find package 'a' imported from FILE", for `require` "Cannot find module
 * 'a/b'" and below it "Require stack:" with the files, the nearest first. Paths begin otherwise than names of packages.
 */
const complaint =
  /Cannot find (?:package|module) '(?<name>(?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(?:\/[^']*)?'(?: imported from (?<importer>.+)|\s+Require stack:\s+- (?<requirer>.+))?/;
const codes = /\b(ERR_)?MODULE_NOT_FOUND\b/;

/**
 * The package for want of which a Node command failed, by the end of its log, if `npm install` would help: a package.json asks for it, above the file that
 * imports it or above where the command ran, and there is none. An import that no package.json asks for is rather a slip.
 */
export function missingPackage(log: string, cwd: string): MissingPackage | undefined {
  if (!codes.test(log)) return undefined;
  const { name, importer, requirer } = complaint.exec(log)?.groups ?? {};
  if (name === undefined) return undefined;
  const file = importer ?? requirer;
  const folder = [...(file === undefined ? [] : foldersFrom(dirname(file.trim()))), ...foldersFrom(cwd)].find((above) =>
    asksFor(join(above, 'package.json'), name),
  );
  if (folder === undefined || foldersFrom(folder).some((above) => existsSync(join(above, 'node_modules', name))))
    return undefined;
  return { name, folder };
}

function foldersFrom(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersFrom(above)];
}

function asksFor(file: string, name: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>> | null;
    return ['dependencies', 'devDependencies', 'optionalDependencies'].some((field) => {
      const packages = manifest?.[field];
      return typeof packages === 'object' && packages !== null && Object.hasOwn(packages, name);
    });
  } catch {
    // Not there, or no JSON: npm will say so where it matters.
    return false;
  }
}
