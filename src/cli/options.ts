import { InvalidArgumentError } from 'commander';

/** Reads a whole number above 0 from the command line. */
export function countOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}
