import type { JsonValue } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { StateDb } from '../fs/state-db.ts';

/**
 * Remembers what was parsed from a text, by the text's hash, so that a command that changes nothing never loads a parser.
 * `build` tells one build of mlp from another: what another parsed is not taken over.
 */
export class ParseMemo {
  readonly #state: StateDb;
  readonly #build: string;

  constructor(options: { readonly state: StateDb; readonly build: string }) {
    this.#state = options.state;
    this.#build = options.build;
  }

  /** `kind` names the parser and everything beside the text that decides its result. Failures are not remembered. */
  async parsed<T, E>(kind: string, text: string, parse: () => Promise<Result<T, E>>): Promise<Result<T, E>> {
    const key = this.#keyOf(kind, text);
    const known = this.#state.memo(key);
    if (known !== undefined) return { ok: true, value: JSON.parse(known) as T };
    const fresh = await parse();
    if (fresh.ok) this.#remember(key, fresh.value);
    return fresh;
  }

  /** Remembers a value whose text this process has just written. */
  remember(kind: string, text: string, value: JsonValue): void {
    this.#remember(this.#keyOf(kind, text), value);
  }

  /** JSON lacks not-a-number and the infinities, so what holds one is parsed each time. */
  #remember(key: string, value: unknown): void {
    const beyondJson: number[] = [];
    const json = JSON.stringify(value, (_, member: unknown) => {
      if (typeof member === 'number' && !Number.isFinite(member)) beyondJson.push(member);
      return member;
    });
    if (beyondJson.length === 0) this.#state.rememberMemo(key, json);
  }

  #keyOf(kind: string, text: string): string {
    return `${kind} ${this.#build} ${hashBytes(text)}`;
  }
}
