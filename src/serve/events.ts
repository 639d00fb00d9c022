import type { Failure } from '../core/failure.ts';
import type { ServedVersion } from './model-source.ts';

/** What the server says of itself while it runs. No event carries a text that a client sent. */
export type ServeEvent =
  | { readonly type: 'model-loaded'; readonly version: ServedVersion; readonly was?: ServedVersion }
  /** The version could not be loaded; what was served before still is. */
  | {
      readonly type: 'model-failed';
      readonly version: ServedVersion;
      readonly failure: Failure;
      readonly retryInMs: number;
    }
  /** Nobody could say which version to serve; what was served before still is. Said once until it changes. */
  | { readonly type: 'source-failed'; readonly failure: Failure }
  | { readonly type: 'source-recovered' }
  /** A bug: the client saw a plain 500. */
  | { readonly type: 'internal-error'; readonly route: string; readonly error: string }
  | { readonly type: 'draining'; readonly seconds: number }
  | { readonly type: 'stopped'; readonly forced: boolean };

/** Takes events as they happen. Must not throw. */
export type ServeEventSink = (event: ServeEvent) => void;
