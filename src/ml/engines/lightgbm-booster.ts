import { treesFromLightgbm } from '../trees/lightgbm-model.ts';
import { EngineError, type Booster, type OpenBooster, type Rows } from './boost.ts';
import type { OpenedEngine } from './open-engine.ts';
import type { Given } from './parameters.ts';

/** Of LightGBM's c_api.h: how numbers are told apart. */
const type = { float32: 0, float64: 1, int32: 2 } as const;

type Native = (...given: readonly unknown[]) => unknown;
type Handle = unknown;

/** The functions of LightGBM's C interface that are used here, as c_api.h declares them. */
function functionsOf(engine: OpenedEngine): Readonly<Record<keyof typeof declarations, Native>> {
  const lastError = engine.func('const char *LGBM_GetLastError()');
  const checked = (declaration: string): Native => {
    const native = engine.func(declaration);
    return (...given) => {
      if (native(...given) !== 0) throw new EngineError(String(lastError()));
    };
  };
  return Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, checked(declaration)]),
  ) as Readonly<Record<keyof typeof declarations, Native>>;
}

const declarations = {
  createDataset:
    'int LGBM_DatasetCreateFromCSR(const void *indptr, int indptr_type, const void *indices, const void *data, int data_type, int64_t nindptr, int64_t nelem, int64_t num_col, const char *parameters, void *reference, _Out_ void **out)',
  setField: 'int LGBM_DatasetSetField(void *handle, const char *name, const void *data, int num_element, int type)',
  freeDataset: 'int LGBM_DatasetFree(void *handle)',
  createBooster: 'int LGBM_BoosterCreate(void *train, const char *parameters, _Out_ void **out)',
  addValidation: 'int LGBM_BoosterAddValidData(void *handle, void *valid)',
  update: 'int LGBM_BoosterUpdateOneIter(void *handle, _Out_ int *is_finished)',
  evaluate: 'int LGBM_BoosterGetEval(void *handle, int data_idx, _Out_ int *out_len, void *results)',
  save: 'int LGBM_BoosterSaveModelToString(void *handle, int start, int iterations, int importance_type, int64_t buffer_len, _Out_ int64_t *out_len, void *out_str)',
  freeBooster: 'int LGBM_BoosterFree(void *handle)',
} as const;

type Functions = ReturnType<typeof functionsOf>;

/** Trains by LightGBM's C interface in the steps of its Python package, so that the same parameters give the same trees. */
export const openLightgbm: OpenBooster = (engine, given, { train, validation }) => {
  const native = functionsOf(engine);
  const classes = train.classes.length;
  const objective = classes === 2 ? { objective: 'binary' } : { objective: 'multiclass', num_class: classes };
  const parameters = parameterText({ verbosity: -1, ...objective, ...given });
  const handles: (() => void)[] = [];
  const free = (): void => {
    for (const release of handles.splice(0).reverse()) release();
  };
  try {
    const dataset = createDataset(native, train, { parameters, reference: null });
    handles.push(() => native.freeDataset(dataset));
    const booster = outOf((out) => native.createBooster(dataset, parameters, out));
    handles.push(() => native.freeBooster(booster));
    if (validation !== undefined) {
      const held = createDataset(native, validation, { parameters, reference: dataset });
      handles.push(() => native.freeDataset(held));
      native.addValidation(booster, held);
    }
    return boosterOf(native, booster, free);
  } catch (error) {
    free();
    throw error;
  }
};

const parameterText = (given: Given): string =>
  Object.entries(given)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** What a function writes into its last argument. */
function outOf(call: (out: unknown[]) => unknown): Handle {
  const out: unknown[] = [null];
  call(out);
  return out[0];
}

/** Rows as the library keeps them: it copies what it needs. Throws away what it made when a column is refused. */
function createDataset(
  native: Functions,
  { x, y, rowWeights }: Rows,
  { parameters, reference }: { readonly parameters: string; readonly reference: Handle },
): Handle {
  const values = Float64Array.from(x.values);
  const sizes = [x.indptr.length, values.length, x.columns];
  const dataset = outOf((out) =>
    native.createDataset(x.indptr, type.int32, x.indices, values, type.float64, ...sizes, parameters, reference, out),
  );
  try {
    native.setField(dataset, 'label', Float32Array.from(y), y.length, type.float32);
    if (rowWeights.some((weight) => weight !== 1)) {
      native.setField(dataset, 'weight', Float32Array.from(rowWeights), rowWeights.length, type.float32);
    }
  } catch (error) {
    native.freeDataset(dataset);
    throw error;
  }
  return dataset;
}

function boosterOf(native: Functions, booster: Handle, free: () => void): Booster {
  return {
    update: () => {
      outOf((out) => native.update(booster, out));
    },
    loss: (part) => {
      const results = new Float64Array(8);
      outOf((out) => native.evaluate(booster, part === 'train' ? 0 : 1, out, results));
      return results[0] ?? NaN;
    },
    trees: (iterations) => treesFromLightgbm(modelText(native, booster, iterations)),
    free,
  };
}

function modelText(native: Functions, booster: Handle, iterations: number): string {
  let buffer = new Uint8Array(1 << 20);
  const write = (): number =>
    Number(outOf((out) => native.save(booster, 0, iterations, 0, buffer.length, out, buffer)));
  let length = write();
  if (length > buffer.length) {
    buffer = new Uint8Array(length);
    length = write();
  }
  // The last byte is C's end of text.
  return new TextDecoder().decode(buffer.subarray(0, length - 1));
}
