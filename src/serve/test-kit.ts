import type { FastifyInstance } from 'fastify';
import { ok } from '../core/result.ts';
import type { ModelInput } from '../ml/columns/column.ts';
import type { ModelInfo, ModelPackage, Prediction } from '../ml/package/types.ts';
import type { ServeEvent } from './events.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { LiveModel } from './live-models.ts';
import type { ModelSource, ServedVersion } from './model-source.ts';
import { buildServer } from './server.ts';

const classes = ['negative', 'neutral', 'positive'] as const;

const wordInfo: ModelInfo = {
  formatVersion: 1,
  name: 'sentiment',
  algorithm: 'word',
  classes,
  createdBy: 'test',
  fingerprint: null,
  signature: {
    input: { name: 'text', type: 'string' },
    outputs: [
      { name: 'label', type: 'string' },
      { name: 'probabilities', type: 'number[]', length: 3 },
    ],
  },
  features: {},
  hyperparameters: {},
  metrics: {},
  profile: null,
};

/** For tests: a model whose answers a reader can tell beforehand. `great` is positive, `bad` is negative, the rest neutral. */
export class WordModel implements ModelPackage {
  readonly info: ModelInfo = wordInfo;
  readonly #reproduces: boolean;

  constructor(reproduces = true) {
    this.#reproduces = reproduces;
  }

  predict(inputs: readonly ModelInput[]): Prediction[] {
    return inputs.map((input) => {
      const text = typeof input === 'string' ? input : input.text;
      if (text.includes('great')) return { label: 'positive', probabilities: [0.125, 0.125, 0.75] };
      if (text.includes('bad')) return { label: 'negative', probabilities: [0.5, 0.25, 0.25] };
      return { label: 'neutral', probabilities: [0.25, 0.5, 0.25] };
    });
  }

  reproduceExample(): ReturnType<ModelPackage['reproduceExample']> {
    const expected = { label: 'positive', probabilities: [0.125, 0.125, 0.75] };
    const got = this.#reproduces ? expected : { label: 'negative', probabilities: [0.5, 0.25, 0.25] };
    return { same: this.#reproduces, expected, got, text: 'great', input: 'great' };
  }
}

/** For tests: takes `likes` and `channel` too, and is sure of what they make of it: positive above 100 likes in the channel `up`. */
export class ColumnModel extends WordModel {
  override readonly info: ModelInfo;

  constructor() {
    super();
    const columns = [
      { name: 'likes', type: 'number', required: false },
      { name: 'channel', type: 'string', required: false },
    ] as const;
    this.info = { ...wordInfo, signature: { ...wordInfo.signature, columns } };
  }

  override predict(inputs: readonly ModelInput[]): Prediction[] {
    return inputs.map((input) => {
      if (typeof input === 'string') return { label: 'neutral', probabilities: [0.25, 0.5, 0.25] };
      return Number(input['likes'] ?? 0) > 100 && input['channel'] === 'up'
        ? { label: 'positive', probabilities: [0.125, 0.125, 0.75] }
        : { label: 'negative', probabilities: [0.5, 0.25, 0.25] };
    });
  }
}

export const versionNamed = (version: string): ServedVersion => ({
  name: 'sentiment',
  version,
  stage: 'production',
  hash: version.padStart(64, '0'),
});

export const liveModel = (version = '3'): LiveModel => ({ version: versionNamed(version), model: new WordModel() });

/** A source that serves a fresh WordModel of whatever version `at` holds. */
export function sourceOf(at: { version: string }): ModelSource {
  return {
    current: () => Promise.resolve(ok(versionNamed(at.version))),
    load: () => Promise.resolve(ok(new WordModel())),
  };
}

export interface TestServer {
  readonly app: FastifyInstance;
  readonly events: ServeEvent[];
  /** May be changed between and during requests. */
  readonly state: { live: LiveModel | undefined; draining: boolean };
}

export function testServer(
  options: { readonly limits?: Partial<Limits>; readonly origins?: string[] } = {},
): TestServer {
  const events: ServeEvent[] = [];
  const state: TestServer['state'] = { live: liveModel(), draining: false };
  const app = buildServer({
    limits: { ...defaultLimits, ...options.limits },
    version: '1.2.3',
    origins: options.origins ?? [],
    tell: (event) => events.push(event),
    current: () => state.live,
    isDraining: () => state.draining,
  });
  return { app, events, state };
}
