import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { mayExist, templateFiles, type TemplateFile, type TemplateName } from './templates.ts';

export interface NewProject {
  readonly template: TemplateName;
  /** As it was asked for. */
  readonly folder: string;
  readonly written: readonly string[];
  /** Files that were there and are left as they are. */
  readonly kept: readonly string[];
  /** Whether the project's stages would find what they import already. */
  readonly installed: boolean;
}

/**
 * Writes a working project into a folder (absolute `root`). Nothing is overwritten: where a file of the template is there with other
 * content, nothing is written at all.
 */
export function initProject(
  root: string,
  asked: { readonly folder: string; readonly template: TemplateName },
): Result<NewProject> {
  const files = templateFiles(asked.template);
  const standing = files.filter((file) => existsSync(join(root, file.path)));
  const inTheWay = [
    ...['pipeline.yaml', 'dvc.yaml'].filter((name) => existsSync(join(root, name)) && !isSame(root, files, name)),
    ...standing.filter((file) => !mayExist.has(file.path) && !isSame(root, files, file.path)).map((file) => file.path),
  ];
  if (inTheWay.length > 0) {
    return err(failure('init-over-files', { folder: asked.folder, files: [...new Set(inTheWay)] }));
  }
  const kept = standing.map((file) => file.path);
  const written: string[] = [];
  for (const file of files.filter(({ path }) => !kept.includes(path))) {
    try {
      mkdirSync(dirname(join(root, file.path)), { recursive: true });
      writeFileSync(join(root, file.path), file.bytes, { flag: 'wx' });
      written.push(file.path);
    } catch (error) {
      return err(systemProblem(error, { what: 'write', path: file.path }));
    }
  }
  return ok({ ...asked, written, kept, installed: asked.template !== 'sentiment' || findsPackage(root) });
}

function isSame(root: string, files: readonly TemplateFile[], path: string): boolean {
  const file = files.find((each) => each.path === path);
  return file !== undefined && readFileSync(join(root, path)).equals(file.bytes);
}

/** Whether `import 'mlp-cli/ml'` works in the folder. */
function findsPackage(root: string): boolean {
  try {
    createRequire(join(root, 'package.json')).resolve('mlp-cli/package.json');
    return true;
  } catch {
    return false;
  }
}
