import { readFileSync } from 'node:fs';
import { findDvcCache, type DvcCache } from '../../cache/dvc-cache.ts';
import { parseDvcListing, type Md5Content } from '../../cache/md5-content.ts';
import type { Artifact } from '../../core/artifact.ts';
import { asContentHash } from '../../core/brands.ts';
import { ok, type Result } from '../../core/result.ts';
import { Contents, type ContentFinder } from '../data/content-of.ts';
import type { Project } from '../open-project.ts';

/** Stands where the real one is known only after the content was read; it never leaves a dry run. */
const unknownHash = asContentHash('0'.repeat(64));

/** Says what could be had without taking it: a copy in DVC's cache counts unread, by its name. */
export class DryContents implements ContentFinder {
  readonly #contents: Contents;
  readonly #dvc: DvcCache | undefined;

  constructor(project: Project) {
    this.#contents = new Contents(project, { remembers: false });
    this.#dvc = findDvcCache(project.workspace.root);
  }

  obtain({ path, content }: Parameters<ContentFinder['obtain']>[0]): Promise<Result<Artifact | undefined>> {
    const isThere = content.by === 'md5' && this.#isThere(content.md5);
    return Promise.resolve(ok(isThere ? { path, hash: unknownHash, size: 0 } : undefined));
  }

  holds(...about: Parameters<ContentFinder['holds']>): Promise<Result<boolean>> {
    return this.#contents.holds(...about);
  }

  #isThere(md5: Md5Content): boolean {
    if (!this.#contents.isCached(md5)) return false;
    const file = md5.folder ? this.#dvc?.find(md5) : undefined;
    const listed = file === undefined ? [] : parseDvcListing(readFileSync(file, 'utf8'));
    const { algorithm } = md5;
    return listed?.every((each) => this.#contents.isCached({ algorithm, md5: each.md5, folder: false })) === true;
  }
}
