const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Rows of fields, and where in the text each begins. */
export interface PlainRows {
  readonly rows: readonly (readonly string[])[];
  readonly starts: readonly number[];
}

/**
 * The rows of a table that is in order: quotes stand where fields begin and end and nowhere else, and all rows end alike, in \n or \r\n. Undefined for
 * any other, which is for papaparse to read or to complain of. What both read, they read alike.
 */
export function plainRows(text: string): PlainRows | undefined {
  const reader = new Reader(text);
  const rows: string[][] = [];
  const starts: number[] = [];
  while (reader.at < text.length) {
    starts.push(reader.at);
    const fields = reader.row();
    if (fields === undefined) return undefined;
    rows.push(fields);
  }
  return { rows, starts };
}

class Reader {
  at = 0;
  readonly #text: string;
  readonly #hasReturns: boolean;
  /** What the row before ended in. */
  #lineEnd: '\n' | '\r\n' | undefined;
  /** The next ones at or behind `at`, or the end of the text: looked for once they are passed. */
  #comma = -1;
  #feed = -1;
  #quote = -1;

  constructor(text: string) {
    this.#text = text;
    this.#hasReturns = text.includes('\r');
  }

  /** Goes on to the next row. */
  row(): string[] | undefined {
    const fields: string[] = [];
    for (;;) {
      const field = this.#text.charCodeAt(this.at) === quote ? this.#quoted() : this.#unquoted();
      if (field === undefined) return undefined;
      fields.push(field);
      if (this.#text.charCodeAt(this.at) === comma) this.at++;
      else return this.#endRow() ? fields : undefined;
    }
  }

  /** Stops behind the closing quote. */
  #quoted(): string | undefined {
    const text = this.#text;
    const start = this.at + 1;
    let isDoubled = false;
    let end = text.indexOf('"', start);
    for (; end >= 0 && text.charCodeAt(end + 1) === quote; end = text.indexOf('"', end + 2)) isDoubled = true;
    if (end < 0) return undefined;
    this.at = end + 1;
    const field = text.slice(start, end);
    return isDoubled ? field.replaceAll('""', '"') : field;
  }

  /** Stops at the comma or the line end. */
  #unquoted(): string | undefined {
    const text = this.#text;
    if (this.#comma < this.at) this.#comma = nextOf(text, ',', this.at);
    if (this.#feed < this.at) this.#feed = nextOf(text, '\n', this.at);
    if (this.#quote < this.at) this.#quote = nextOf(text, '"', this.at);
    let end = Math.min(this.#comma, this.#feed);
    if (this.#quote < end) return undefined;
    if (this.#hasReturns && end === this.#feed && text.charCodeAt(end - 1) === carriageReturn && end > this.at) end--;
    const field = text.slice(this.at, end);
    if (this.#hasReturns && field.includes('\r')) return undefined;
    this.at = end;
    return field;
  }

  /** False where the row ends in something else than a line end, or in another than those before. */
  #endRow(): boolean {
    const text = this.#text;
    if (this.at === text.length) return true;
    const isPair = text.charCodeAt(this.at) === carriageReturn && text.charCodeAt(this.at + 1) === lineFeed;
    if (!isPair && text.charCodeAt(this.at) !== lineFeed) return false;
    const lineEnd = isPair ? '\r\n' : '\n';
    this.#lineEnd ??= lineEnd;
    this.at += lineEnd.length;
    return this.#lineEnd === lineEnd;
  }
}

function nextOf(text: string, character: string, from: number): number {
  const found = text.indexOf(character, from);
  return found < 0 ? text.length : found;
}
