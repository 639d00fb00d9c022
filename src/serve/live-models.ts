import type { Clock } from '../core/clock.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ModelPackage, Prediction } from '../ml/package/types.ts';
import type { ServeEventSink } from './events.ts';
import { sameVersion, type ModelSource, type ServedVersion } from './model-source.ts';

/** A loaded model and the version it is. Requests keep the one they started with. */
export interface LiveModel {
  readonly version: ServedVersion;
  readonly model: ModelPackage;
}

/** A version that would not load: not tried again before `retryAt`, so that a damaged one costs next to nothing. */
interface Trouble {
  readonly version: ServedVersion;
  readonly failure: Failure;
  readonly attempts: number;
  readonly retryAt: number;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

/**
 * The model being served, kept equal to what a source says. A new version replaces the old one in one assignment and only after it
 * loaded and reproduced its stored example; whatever goes wrong before that leaves the old one in place.
 */
export class LiveModels {
  readonly #source: ModelSource;
  readonly #clock: Clock;
  readonly #tell: ServeEventSink;
  #live: LiveModel | undefined;
  #trouble: Trouble | undefined;
  #sourceTrouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #following = false;

  constructor(options: { readonly source: ModelSource; readonly clock: Clock; readonly tell: ServeEventSink }) {
    this.#source = options.source;
    this.#clock = options.clock;
    this.#tell = options.tell;
  }

  get current(): LiveModel | undefined {
    return this.#live;
  }

  /** Asks the source once and loads what is new. Ends with the model that is live afterwards, or why there is none or no newer one. */
  async refresh(): Promise<Result<LiveModel>> {
    const wanted = await this.#source.current();
    if (!wanted.ok) return this.#sourceFailed(wanted.error);
    if (this.#sourceTrouble !== undefined) this.#tell({ type: 'source-recovered' });
    this.#sourceTrouble = undefined;

    const version = wanted.value;
    if (this.#live !== undefined && sameVersion(this.#live.version, version)) {
      this.#trouble = undefined;
      return ok(this.#live);
    }
    const before =
      this.#trouble !== undefined && sameVersion(this.#trouble.version, version) ? this.#trouble : undefined;
    if (before !== undefined && this.#clock.now() < before.retryAt) return err(before.failure);

    const loaded = await this.#load(version);
    return loaded.ok ? ok(this.#replace(version, loaded.value)) : this.#loadFailed(version, loaded.error, before);
  }

  /** Refreshes every `everyMs` until `stop`. One refresh at a time; the timer does not keep the process alive. */
  follow(everyMs: number): void {
    this.#following = true;
    const again = (): void => {
      if (!this.#following) return;
      this.#timer = setTimeout(() => void this.refresh().then(again), everyMs);
      this.#timer.unref();
    };
    again();
  }

  stop(): void {
    this.#following = false;
    clearTimeout(this.#timer);
  }

  async #load(version: ServedVersion): Promise<Result<ModelPackage>> {
    const loaded = await this.#source.load(version);
    if (!loaded.ok) return loaded;
    const example = loaded.value.reproduceExample();
    if (example.same) return loaded;
    return err(
      failure('example-not-reproduced', {
        model: version.name,
        version: version.version,
        expected: shown(example.expected),
        got: shown(example.got),
      }),
    );
  }

  #replace(version: ServedVersion, model: ModelPackage): LiveModel {
    const was = this.#live?.version;
    const live: LiveModel = { version, model };
    this.#live = live;
    this.#trouble = undefined;
    this.#tell({ type: 'model-loaded', version, ...(was === undefined ? {} : { was }) });
    return live;
  }

  #sourceFailed(problem: Failure): Result<LiveModel> {
    const key = JSON.stringify([problem.reason, problem.detail]);
    if (key !== this.#sourceTrouble) this.#tell({ type: 'source-failed', failure: problem });
    this.#sourceTrouble = key;
    return err(problem);
  }

  #loadFailed(version: ServedVersion, problem: Failure, before: Trouble | undefined): Result<LiveModel> {
    const attempts = (before?.attempts ?? 0) + 1;
    const retryInMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
    this.#trouble = { version, failure: problem, attempts, retryAt: this.#clock.now() + retryInMs };
    this.#tell({ type: 'model-failed', version, failure: problem, retryInMs });
    return err(problem);
  }
}

function shown(prediction: Prediction): string {
  const highest = Math.max(...prediction.probabilities);
  return `${prediction.label} ${highest.toFixed(4)}`;
}
