/** Content as DVC names it: a file, or a folder by the MD5 of its listing. */
export interface Md5Content {
  /** DVC before version 3 read text with CR LF as if it had LF alone, and says so by leaving out the name of the hash. */
  readonly algorithm: Md5Algorithm;
  /** 32 lower-case hex digits. */
  readonly md5: string;
  readonly folder: boolean;
}

export type Md5Algorithm = 'md5' | 'md5-dos2unix';

/** Undefined when the word is no MD5, with DVC's ending `.dir` or without. */
export function parseMd5(word: string, algorithm: Md5Algorithm): Md5Content | undefined {
  const [, md5 = '', dir] = /^([0-9a-f]{32})(\.dir)?$/.exec(word) ?? [];
  return md5 === '' ? undefined : { algorithm, md5, folder: dir !== undefined };
}

/** DVC's own name of the content. */
export const md5Name = ({ md5, folder }: Md5Content): string => (folder ? `${md5}.dir` : md5);

/** One file of a folder, as DVC lists it. */
export interface DvcListed {
  readonly path: string;
  readonly md5: string;
}

/** The listing of a folder, byte for byte as DVC (Python's json) writes it; its MD5 is the folder's. */
export function dvcListing(files: readonly DvcListed[]): string {
  const sorted = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const items = sorted.map(({ path, md5 }) => `{"md5": "${md5}", "relpath": ${asciiJson(path)}}`);
  return `[${items.join(', ')}]`;
}

const asciiJson = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Undefined when the text is no listing, or names a path outside its folder. */
export function parseDvcListing(text: string): DvcListed[] | undefined {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(items)) return undefined;
  const files = (items as readonly unknown[]).map(listedFile);
  return files.every((file) => file !== undefined) ? files : undefined;
}

function listedFile(item: unknown): DvcListed | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { md5, relpath } = item as Readonly<Record<string, unknown>>;
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/.test(md5) || typeof relpath !== 'string') return undefined;
  const inside = relpath.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  return inside ? { path: relpath, md5 } : undefined;
}
