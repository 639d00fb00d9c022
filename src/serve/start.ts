import type { Clock } from '../core/clock.ts';
import { ok, type Result } from '../core/result.ts';
import { Drain, type DrainTimes } from './drain.ts';
import type { ServeEventSink } from './events.ts';
import type { Limits } from './limits.ts';
import { listen, type Address } from './listen.ts';
import { LiveModels, type LiveModel } from './live-models.ts';
import type { ModelSource } from './model-source.ts';
import { buildServer } from './server.ts';

export interface StartOptions {
  readonly source: ModelSource;
  readonly address: Address;
  readonly limits: Limits;
  readonly origins: readonly string[];
  /** Of mlp. */
  readonly version: string;
  /** Milliseconds between two looks at the source. */
  readonly pollMs: number;
  readonly clock: Clock;
  readonly tell: ServeEventSink;
}

export interface RunningServer {
  readonly address: Address;
  /** The model it began with. */
  readonly first: LiveModel;
  /** Drains and ends: see Drain. To be called once. */
  stop(times: DrainTimes): Promise<void>;
}

/** Loads the model, listens, and follows the source from then on. Nothing listens when the model does not load. */
export async function startServer(options: StartOptions): Promise<Result<RunningServer>> {
  const { tell } = options;
  const models = new LiveModels(options);
  const first = await models.refresh();
  if (!first.ok) return first;

  const drain = new Drain(tell);
  const app = buildServer({
    ...options,
    current: () => models.current,
    isDraining: () => drain.isDraining(),
  });
  drain.watch(app.server);
  const address = await listen(app, options.address);
  if (!address.ok) return address;
  models.follow(options.pollMs);
  return ok({
    address: address.value,
    first: first.value,
    stop: async (times) => {
      await drain.run(app, times);
      models.stop();
    },
  });
}
