import { InvalidArgumentError } from 'commander';
import { asContentHash, isSha256, type ContentHash } from '../../core/brands.ts';

/** Reads a SHA-256 from the command line, with or without `sha256:` before it. */
export function sha256Option(text: string): ContentHash {
  const digits = text.toLowerCase().replace(/^sha256:/, '');
  if (!isSha256(digits)) throw new InvalidArgumentError('It must be 64 hexadecimal digits.');
  return asContentHash(digits);
}
