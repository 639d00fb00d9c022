/** A call out of JavaScript is worth it from about this length on. */
const longText = 24;
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** UTF-16 code units that grow as they are written: the scratch space of tokenizers, allocated once and used for every text. */
export class UnitBuffer {
  units = new Uint16Array(1024);
  length = 0;
  /** The same memory, for Node to write text into. */
  #bytes = Buffer.from(this.units.buffer);

  clear(): void {
    this.length = 0;
  }

  /** Makes room for `more` units behind the present end. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.units.length) return;
    const grown = new Uint16Array(Math.max(needed, this.units.length * 2));
    grown.set(this.units.subarray(0, this.length));
    this.units = grown;
    this.#bytes = Buffer.from(grown.buffer);
  }

  appendString(text: string): void {
    this.reserve(text.length);
    const { units } = this;
    const from = this.length;
    if (text.length >= longText && isLittleEndian) this.#bytes.write(text, from * 2, 'utf16le');
    else for (let i = 0; i < text.length; i++) units[from + i] = text.charCodeAt(i);
    this.length = from + text.length;
  }

  appendRange(source: Uint16Array, start: number, end: number): void {
    this.reserve(end - start);
    const { units } = this;
    let to = this.length;
    for (let at = start; at < end; at++, to++) units[to] = source[at] ?? 0;
    this.length = to;
  }

  /** As `appendRange`, for many units: the call costs more than copying a word, and far less than a loop over thousands. */
  append(more: Uint16Array): void {
    this.reserve(more.length);
    this.units.set(more, this.length);
    this.length += more.length;
  }

  appendUnit(unit: number): void {
    this.reserve(1);
    this.units[this.length++] = unit;
  }
}

/** Numbers that grow as they are written. */
export class IntBuffer {
  values = new Int32Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Makes room for `more` numbers behind the present end. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.values.length) return;
    const grown = new Int32Array(Math.max(needed, this.values.length * 2));
    grown.set(this.values.subarray(0, this.length));
    this.values = grown;
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(1);
    this.values[this.length++] = value;
  }

  append(more: Int32Array): void {
    this.reserve(more.length);
    this.values.set(more, this.length);
    this.length += more.length;
  }
}

/** Text of a range of units. */
export function textOf(units: Uint16Array, start: number, end: number): string {
  let text = '';
  // A call takes its arguments on the stack, so long ranges go in pieces.
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...units.subarray(at, Math.min(end, at + 4096)));
  }
  return text;
}
