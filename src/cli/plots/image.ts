const kinds: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  bmp: 'image/bmp',
};

const mostBytes = 16 << 20;

const kindOf = (file: string): string | undefined => kinds[/\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? ''];

export const isImage = (file: string): boolean => kindOf(file) !== undefined;

/** A picture as an address of its own; a browser runs no script of an SVG that an `img` shows. Undefined for what is too large. */
export function imageSource(file: string, bytes: Uint8Array): string | undefined {
  const kind = kindOf(file);
  if (kind === undefined || bytes.length > mostBytes) return undefined;
  return `data:${kind};base64,${Buffer.from(bytes).toString('base64')}`;
}
