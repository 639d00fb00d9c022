import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const templateNames = ['sentiment', 'python', 'empty'] as const;
export type TemplateName = (typeof templateNames)[number];

/** One file of a new project. `path` is relative to it, with `/`. */
export interface TemplateFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Files that a project may have before: they are left as they are. All others must not be there. */
export const mayExist: ReadonlySet<string> = new Set(['package.json', '.gitignore', 'README.md']);

/** The files of a template, sorted by path. npm drops files called .gitignore from packages, so it travels as `gitignore`. */
export function templateFiles(name: TemplateName): TemplateFile[] {
  const folder = fileURLToPath(new URL(`./templates/${name}`, import.meta.url));
  if (!existsSync(folder)) throw new Error(`the build lacks the template ${name}`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort()
    .map((path) => ({
      path: path.replaceAll('\\', '/').replace(/^gitignore$/, '.gitignore'),
      bytes: readFileSync(join(folder, path)),
    }));
}
