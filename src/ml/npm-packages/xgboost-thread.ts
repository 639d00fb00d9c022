import type { FullRows } from './full-rows.ts';
import type { ThreadBody } from './own-thread.ts';

/** As ml-xgboost's constructor takes them. */
export type XgboostOptions = Readonly<Record<string, number | string>>;

export interface XgboostTask extends FullRows {
  /** The file that the package begins with. */
  readonly path: string;
  readonly options: XgboostOptions;
}

interface Booster {
  train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
  toJSON(): { readonly model: readonly number[] };
}
type BoosterClass = new (options: XgboostOptions) => Booster;

/** Trains by ml-xgboost, and gives the model as it saves it: the binary format of XGBoost 0.7. */
export const trainXgboost: ThreadBody<XgboostTask, Uint8Array> = async (task, { require, tell }) => {
  const { rows, columns, values, y, path, options } = task;
  // Its loader would try to fetch a path as an address, complain on stderr, and only then read the file.
  Reflect.deleteProperty(Reflect.get(globalThis, 'WebAssembly') as object, 'instantiateStreaming');
  const total = Number(options['iterations']);
  const treesEach = Number(options['num_class'] ?? 1);
  let trees = 0;
  const hear = (line: string): void => {
    const nodes = /pruning end.* (\d+) extra nodes/.exec(line)?.[1];
    if (nodes === undefined || ++trees % treesEach !== 0) return;
    // XGBoost counts two for each split.
    tell({ iteration: trees / treesEach, total, value: Number(nodes) / 2, measure: 'nodes' });
  };
  // Its loader keeps this function for all that XGBoost says.
  Object.assign(globalThis.console, { warn: hear });
  const Booster = (await require(path)) as BoosterClass;
  // It takes -1 for a missing value; the nearest float32 beside it splits rows in the same way.
  const kept = (value: number): number => (Math.fround(value) === -1 ? -1 + 2 ** -24 : value);
  const table = Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns), kept),
  );
  const booster = new Booster(options);
  booster.train(table, Array.from(y));
  return Uint8Array.from(booster.toJSON().model);
};
