import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Reads `500MB`, `1.5 GB` or a plain number of bytes; units are powers of 1000. */
export function sizeOption(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmgt]?b)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit === '' ? 'b' : unit.toLowerCase()] ?? NaN));
  if (number === '' || !Number.isSafeInteger(bytes) || bytes < 1) {
    throw new InvalidArgumentError('It must be a size such as 500MB or 10GB.');
  }
  return bytes;
}
