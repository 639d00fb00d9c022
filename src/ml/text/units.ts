/** UTF-16 code units that grow as they are written: the scratch space of tokenizers, allocated once and used for every text. */
export class UnitBuffer {
  units = new Uint16Array(1024);
  length = 0;

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
  }

  appendString(text: string): void {
    this.reserve(text.length);
    const { units } = this;
    const from = this.length;
    for (let i = 0; i < text.length; i++) units[from + i] = text.charCodeAt(i);
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

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Int32Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  append(more: Int32Array): void {
    const needed = this.length + more.length;
    if (needed > this.values.length) {
      const grown = new Int32Array(Math.max(needed, this.values.length * 2));
      grown.set(this.values.subarray(0, this.length));
      this.values = grown;
    }
    this.values.set(more, this.length);
    this.length = needed;
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
