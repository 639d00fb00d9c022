import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { asContentHash, isSha256, type ContentHash } from '../core/brands.ts';
import { isJsonObject, type JsonValue } from '../core/json.ts';
import { writeFileAtomic } from '../fs/atomic-write.ts';
import { md5Name, type Md5Content } from './md5-content.ts';

/** Content by its own hash, without a place. */
export interface KnownContent {
  readonly hash: ContentHash;
  readonly size: number;
  readonly files?: number;
}

/**
 * DVC's names of contents whose SHA-256 is known. An MD5 of a folder may have several: DVC knows neither executable bits nor empty folders.
 * It says nothing of where the content is.
 */
export class Md5Index {
  readonly #folder: string;

  /** `folder`: the cache's root. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  find(content: Md5Content): readonly KnownContent[] {
    return readEntry(this.#pathOf(content));
  }

  /** Throws the system's error. */
  remember(content: Md5Content, found: KnownContent): void {
    const known = this.find(content);
    if (known.some(({ hash }) => hash === found.hash)) return;
    writeFileAtomic(this.#pathOf(content), `${JSON.stringify([...known, found])}\n`, { durable: false });
  }

  /** Every entry's file, absolute, with what it knows. */
  entries(): { readonly file: string; readonly contents: readonly KnownContent[] }[] {
    return ['md5', 'md5-dos2unix'].flatMap((name) => {
      const folder = join(this.#folder, name);
      if (!existsSync(folder)) return [];
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return { file, contents: readEntry(file) };
      });
    });
  }

  #pathOf(content: Md5Content): string {
    const name = md5Name(content);
    return join(this.#folder, content.algorithm, name.slice(0, 2), name.slice(2));
  }
}

function readEntry(file: string): readonly KnownContent[] {
  let items: unknown;
  try {
    items = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  return Array.isArray(items) ? (items as readonly JsonValue[]).flatMap(knownContent) : [];
}

function knownContent(item: JsonValue): KnownContent[] {
  if (!isJsonObject(item)) return [];
  const { hash, size, files } = item as Readonly<Record<string, JsonValue | undefined>>;
  if (typeof hash !== 'string' || !isSha256(hash) || typeof size !== 'number') return [];
  return [{ hash: asContentHash(hash), size, ...(typeof files === 'number' ? { files } : {}) }];
}
