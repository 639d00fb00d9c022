import { treesFromXgboost } from '../trees/xgboost-model.ts';
import { EngineError, type Booster, type OpenBooster, type Rows } from './boost.ts';
import type { OpenedEngine } from './open-engine.ts';

type Native = (...given: readonly unknown[]) => unknown;
type Handle = unknown;

const declarations = {
  createMatrix:
    'int XGDMatrixCreateFromCSR(const char *indptr, const char *indices, const char *data, uint64_t ncol, const char *config, _Out_ void **out)',
  setFloats: 'int XGDMatrixSetFloatInfo(void *handle, const char *field, const void *array, uint64_t len)',
  freeMatrix: 'int XGDMatrixFree(void *handle)',
  createBooster: 'int XGBoosterCreate(void **dmats, uint64_t len, _Out_ void **out)',
  setParameter: 'int XGBoosterSetParam(void *handle, const char *name, const char *value)',
  update: 'int XGBoosterUpdateOneIter(void *handle, int iter, void *dtrain)',
  evaluate:
    'int XGBoosterEvalOneIter(void *handle, int iter, void **dmats, const char **names, uint64_t len, _Out_ const char **out)',
  save: 'int XGBoosterSaveModelToBuffer(void *handle, const char *config, _Out_ uint64_t *out_len, _Out_ void **out)',
  freeBooster: 'int XGBoosterFree(void *handle)',
} as const;

type Functions = Readonly<Record<keyof typeof declarations, Native>>;

/** The functions of XGBoost's C interface that are used here, as c_api.h declares them. */
function functionsOf(engine: OpenedEngine): Functions {
  const lastError = engine.func('const char *XGBGetLastError()');
  const checked = (declaration: string): Native => {
    const native = engine.func(declaration);
    return (...given) => {
      // Behind the first line stands where in the library's code it was found.
      if (native(...given) !== 0) throw new EngineError(firstLine(String(lastError())));
    };
  };
  const made = Object.entries(declarations).map(([name, declaration]) => [name, checked(declaration)]);
  return Object.fromEntries(made) as Functions;
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** Trains by XGBoost's C interface in the steps of its Python package, so that the same parameters give the same trees. */
export const openXgboost: OpenBooster = (engine, given, { train, validation }) => {
  const native = functionsOf(engine);
  const handles: (() => void)[] = [];
  const free = (): void => {
    for (const release of handles.splice(0).reverse()) release();
  };
  const matrixOf = (rows: Rows): Handle => {
    const matrix = createMatrix(engine, native, rows);
    handles.push(() => native.freeMatrix(matrix));
    const weights = Float32Array.from(rows.rowWeights);
    native.setFloats(matrix, 'label', Float32Array.from(rows.y), rows.y.length);
    if (weights.some((weight) => weight !== 1)) native.setFloats(matrix, 'weight', weights, weights.length);
    return matrix;
  };
  try {
    const matrix = matrixOf(train);
    const held = validation === undefined ? undefined : matrixOf(validation);
    const matrices = held === undefined ? [matrix] : [matrix, held];
    const [booster] = outsOf(1, (out) => native.createBooster(matrices, matrices.length, out));
    handles.push(() => native.freeBooster(booster));
    const classes = train.classes.length;
    const objective =
      classes === 2 ? { objective: 'binary:logistic' } : { objective: 'multi:softprob', num_class: classes };
    for (const [name, value] of Object.entries({ verbosity: 0, ...objective, ...given })) {
      native.setParameter(booster, name, String(value));
    }
    return boosterOf({ engine, native, booster, matrix, held, free });
  } catch (error) {
    free();
    throw error;
  }
};

/** What a function writes into its last arguments. */
function outsOf(count: number, call: (...outs: unknown[][]) => unknown): unknown[] {
  const outs = Array.from({ length: count }, () => [null] as unknown[]);
  call(...outs);
  return outs.map(([value]) => value);
}

/** Rows in float32, as the library keeps them: it copies what it needs. */
function createMatrix(engine: OpenedEngine, native: Functions, { x }: Rows): Handle {
  const values = Float32Array.from(x.values);
  const arrays = [x.indptr, x.indices, values].map((array) => arrayInterface(engine, array));
  const config = JSON.stringify({ missing: 'nan', nthread: 0 }).replace('"nan"', 'NaN');
  const [matrix] = outsOf(1, (out) => native.createMatrix(...arrays, x.columns, config, out));
  return matrix;
}

/** NumPy's array interface, version 3, which the library reads arrays by. */
function arrayInterface(engine: OpenedEngine, array: Int32Array | Float32Array): string {
  const typestr = array instanceof Int32Array ? '<i4' : '<f4';
  // Nothing has an address where there are no entries.
  const address = array.length === 0 ? 0n : engine.address(array);
  return `{"data":[${address},true],"shape":[${array.length}],"typestr":"${typestr}","version":3}`;
}

interface Open {
  readonly engine: OpenedEngine;
  readonly native: Functions;
  readonly booster: Handle;
  readonly matrix: Handle;
  readonly held: Handle;
  readonly free: () => void;
}

function boosterOf({ engine, native, booster, matrix, held, free }: Open): Booster {
  let iteration = 0;
  return {
    update: () => {
      native.update(booster, iteration++, matrix);
    },
    loss: (part) => {
      const rows = part === 'train' ? matrix : held;
      const [line] = outsOf(1, (out) => native.evaluate(booster, iteration - 1, [rows], [part], 1, out));
      return Number(String(line).split(':').at(-1));
    },
    trees: (iterations) => {
      const [length, pointer] = outsOf(2, (...outs) => native.save(booster, '{"format":"ubj"}', ...outs));
      return treesFromXgboost(engine.bytes(pointer, Number(length)), iterations);
    },
    free,
  };
}
