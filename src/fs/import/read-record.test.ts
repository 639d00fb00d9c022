import { describe, expect, it } from 'vitest';
import { parseDataRecord } from './read-record.ts';

const record = `sha256: ${'ab'.repeat(32)}\nsize: 12\n`;

describe('the record of a data file', () => {
  it('is refused in words when it has an alias, with an anchor or without one, or is nested without end', () => {
    expect(parseDataRecord(record, 'a.mlp')).toMatchObject({ ok: true, value: { size: 12 } });
    for (const more of [
      '<<: *a\n',
      'a: &a [x]\nb: [*a, *a]\n',
      `a: ${'['.repeat(20_000)}`,
      `a:\n  ${'- '.repeat(20_000)}x\n`,
    ]) {
      const refused = parseDataRecord(record + more, 'a.mlp');
      expect(refused).toMatchObject({ ok: false, error: { reason: 'import-record-invalid' } });
    }
  });
});
