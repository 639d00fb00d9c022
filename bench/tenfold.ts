import { readFileSync, writeFileSync } from 'node:fs';
import { seededRandom } from '../src/core/random.ts';
import { formatCsv, parseCsv } from '../src/ml/data/csv.ts';
import { need } from './reddit-split.ts';

/**
 * Makes the table of Reddit comments ten times as long: nine more copies of each text, in which two words of others stand at random places, and one word of ten
 * is spelt anew. So no text repeats, and the vocabulary grows with the texts.
 */
export async function writeTenfold(file: string): Promise<void> {
  const table = need(await parseCsv(file, readFileSync(file)));
  const textAt = table.columns.indexOf('clean_comment');
  const random = seededRandom(3);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const noisy = (text: string): string => {
    const words = text
      .split(' ')
      .map((word) => (random() < 0.1 ? `${word}${random().toString(36).slice(2, 4)}` : word));
    for (let i = 0; i < 2; i++) {
      const other = pick(pick(table.rows)?.fields[textAt]?.split(' ') ?? []) ?? '';
      words.splice(Math.floor(random() * words.length), 0, other);
    }
    return words.join(' ');
  };
  const rows = table.rows.map(({ fields }) => fields);
  for (let copy = 1; copy < 10; copy++) {
    for (const { fields } of table.rows) rows.push(fields.map((field, at) => (at === textAt ? noisy(field) : field)));
  }
  writeFileSync(file, formatCsv(table.columns, rows));
}
