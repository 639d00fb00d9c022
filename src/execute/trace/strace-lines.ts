/** What a line of strace's output says of a process: the text of a whole call, or that the process is gone. */
export type TraceLine =
  | { readonly pid: number; readonly kind: 'call'; readonly text: string }
  /** A call that began; others of other processes come before its end. */
  | { readonly pid: number; readonly kind: 'begun'; readonly text: string }
  | { readonly pid: number; readonly kind: 'gone' };

const unfinished = ' <unfinished ...>';

/** Joins calls whose end stands in a later line than their beginning. Lines in, in order; the reader keeps what has only begun. */
export class LineJoiner {
  readonly #begun = new Map<number, string>();

  /** Undefined for lines that tell nothing: signals, ends of calls whose beginning was not seen, and lines cut short. */
  read(line: string): TraceLine | undefined {
    const head = /^(\d+) +/.exec(line);
    if (head === null) return undefined;
    const pid = Number(head[1]);
    const text = line.slice(head[0].length);
    if (text.startsWith('+++')) {
      this.#begun.delete(pid);
      return /^\+\+\+ (exited|killed)/.test(text) ? { pid, kind: 'gone' } : undefined;
    }
    if (text.startsWith('---')) return undefined;
    if (text.endsWith(unfinished)) {
      const beginning = text.slice(0, -unfinished.length);
      this.#begun.set(pid, beginning);
      return { pid, kind: 'begun', text: beginning };
    }
    const resumed = /^<\.\.\. [a-z0-9_]+ resumed>/.exec(text);
    if (resumed === null) return { pid, kind: 'call', text };
    const beginning = this.#begun.get(pid);
    this.#begun.delete(pid);
    return beginning === undefined ? undefined : { pid, kind: 'call', text: beginning + text.slice(resumed[0].length) };
  }
}

/** A process that another one made: by what kind of call, which tells whether the two have one working folder. */
export interface Birth {
  readonly parent: number;
  readonly sharesFolder: boolean;
}

const makers = /^(?:clone3?|v?fork)\(/;

/** The birth that a whole call tells of. Threads share the working folder of their process. */
export function birthIn(pid: number, text: string): { readonly child: number; readonly birth: Birth } | undefined {
  if (!makers.test(text)) return undefined;
  const child = /= (\d+)[^=]*$/.exec(text);
  if (child === null) return undefined;
  return { child: Number(child[1]), birth: { parent: pid, sharesFolder: text.includes('CLONE_FS') } };
}
