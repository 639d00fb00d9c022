import type { JsonScalar } from '../core/flatten.ts';

/** The values of one metrics or params file, by dotted key in the file's order. */
export interface FileValues {
  readonly file: string;
  readonly values: Readonly<Record<string, JsonScalar>>;
}

/** All values of one state of the project: the workspace, or a git revision. */
export interface ValuesAt {
  readonly name: string;
  readonly files: readonly FileValues[];
}

/** One key side by side; undefined where a state lacks it. */
export interface ValueRow {
  readonly file: string;
  readonly key: string;
  readonly values: readonly (JsonScalar | undefined)[];
}

/** Every key of every state, in the order of the last state's files; keys that it lacks come after those it has. */
export function valueRows(states: readonly ValuesAt[]): ValueRow[] {
  const lastFirst = [...states].reverse();
  const files = new Set(lastFirst.flatMap((state) => state.files.map(({ file }) => file)));
  return [...files].flatMap((file) => {
    const values = states.map((state) => state.files.find((found) => found.file === file)?.values ?? {});
    const keys = new Set([...values].reverse().flatMap((each) => Object.keys(each)));
    return [...keys].map((key) => ({
      file,
      key,
      values: values.map((each) => (Object.hasOwn(each, key) ? each[key] : undefined)),
    }));
  });
}

export interface ValueChange {
  readonly file: string;
  readonly key: string;
  readonly before: JsonScalar | undefined;
  readonly after: JsonScalar | undefined;
  readonly changed: boolean;
  /** after - before, where both are finite numbers. */
  readonly delta: number | undefined;
}

/** What became of each key between two states. Values compare by type and value, as staleness does. */
export function diffValues(before: ValuesAt, after: ValuesAt): ValueChange[] {
  return valueRows([before, after]).map(({ file, key, values: [was, now] }) => ({
    file,
    key,
    before: was,
    after: now,
    changed: !Object.is(normal(was), normal(now)),
    delta: difference(was, now),
  }));
}

/** 0 and -0 are one number. */
const normal = (value: JsonScalar | undefined): JsonScalar | undefined => (value === 0 ? 0 : value);

function difference(was: JsonScalar | undefined, now: JsonScalar | undefined): number | undefined {
  if (typeof was !== 'number' || typeof now !== 'number') return undefined;
  // Rounded where floating point leaves dust: 0.3 - 0.1 is 0.2 and not 0.19999999999999998.
  const delta = Number((now - was).toPrecision(12));
  return Number.isFinite(delta) ? delta : undefined;
}
