import { execFileSync } from 'node:child_process';

type Libraries = Readonly<Record<'MLP_LIGHTGBM_LIB' | 'MLP_XGBOOST_LIB', string>>;

/** The libraries that the environment names, else those of the Python at MLP_TEST_PYTHON; undefined where there is neither. */
export function engineLibraries(): Libraries | undefined {
  const { MLP_LIGHTGBM_LIB, MLP_XGBOOST_LIB, MLP_TEST_PYTHON: python } = process.env;
  if (MLP_LIGHTGBM_LIB !== undefined && MLP_XGBOOST_LIB !== undefined) return { MLP_LIGHTGBM_LIB, MLP_XGBOOST_LIB };
  if (python === undefined) return undefined;
  return JSON.parse(execFileSync(python, ['test/peers/libraries.py'], { encoding: 'utf8' })) as Libraries;
}
