import type { EngineName } from '../../ml/engines/engine.ts';

/** A file of PyPI that an engine's library is taken from. */
export interface Wheel {
  /** As PyPI names the project. */
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** SPDX name of the licence of what is taken from it. */
  readonly licence: 'MIT' | 'Apache-2.0';
}

const lightgbm = (tag: string, sha256: string): Wheel => ({
  project: 'lightgbm',
  version: '4.7.0',
  file: `lightgbm-4.7.0-py3-none-${tag}.whl`,
  sha256,
  licence: 'MIT',
});

/** The build for processors alone is 5 MB instead of 130; on macOS the usual one is that already. */
const xgboost = (project: 'xgboost' | 'xgboost-cpu', tag: string, sha256: string): Wheel => ({
  project,
  version: '3.2.0',
  file: `${project.replace('-', '_')}-3.2.0-py3-none-${tag}.whl`,
  sha256,
  licence: 'Apache-2.0',
});

/** By engine, then by `process.platform` and `process.arch`. Nothing else is ever installed. */
const wheels: Readonly<Record<EngineName, Readonly<Record<string, Wheel>>>> = {
  lightgbm: {
    'linux-x64': lightgbm(
      'manylinux_2_27_x86_64.manylinux_2_28_x86_64',
      'd23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7',
    ),
    'linux-arm64': lightgbm(
      'manylinux2014_aarch64.manylinux_2_17_aarch64',
      'd4529acec5c6fefe4768302a529707d0ead90f6a6f42df694b856212e09695b8',
    ),
    'darwin-x64': lightgbm('macosx_10_15_x86_64', 'dfc1cfe8e760387be1e7ba7a214688be21fdff96e4ed9749188f83e1877c2477'),
    'darwin-arm64': lightgbm('macosx_12_0_arm64', '129535462686f274df179133643118c5c5c5667167fe6c3a28d955f0b3c8e868'),
    'win32-x64': lightgbm('win_amd64', 'f42d1e5b32b6f170e606d7c689c6165671da98d7bf37f1addec2623efc8740c9'),
  },
  xgboost: {
    'linux-x64': xgboost(
      'xgboost-cpu',
      'manylinux_2_28_x86_64',
      '9c10b1653e1a689bf4094a328144cf3633c9be0e5217a76fbdc2fde6abcb2950',
    ),
    'linux-arm64': xgboost(
      'xgboost-cpu',
      'manylinux_2_28_aarch64',
      '896b9e2bc52ec0921edf92ddd1cebedf47032e94992b7aca0293524d380ce6e9',
    ),
    'darwin-x64': xgboost(
      'xgboost',
      'macosx_10_15_x86_64',
      '2f661966d3e322536d9c448090a870fcba1e32ee5760c10b7c46bac7a342079a',
    ),
    'darwin-arm64': xgboost(
      'xgboost',
      'macosx_12_0_arm64',
      'eabbd40d474b8dbf6cb3536325f9150b9e6f0db32d18de9914fb3227d0bef5b7',
    ),
    'win32-x64': xgboost(
      'xgboost-cpu',
      'win_amd64',
      'bfe72e42f73d2c6870a1a8b75324d56ae86ddad9abd4dccefeb36f2c3196dd48',
    ),
    'win32-arm64': xgboost(
      'xgboost-cpu',
      'win_arm64',
      '78fc90c09d7a1a1603ebb3a1c341689096797160c35a996d6a096b03e20caab4',
    ),
  },
};

/** The wheel for a system, if there is one. */
export const wheelFor = (engine: EngineName, system: string): Wheel | undefined => wheels[engine][system];

/** The last of the platforms that a wheel's name says it is for, which is the newest form. */
export const platformOf = ({ file }: Wheel): string =>
  file
    .replace(/\.whl$/, '')
    .split('-')
    .at(-1)
    ?.split('.')
    .at(-1) ?? '';
