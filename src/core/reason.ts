import type { ContentHash, StageName } from './brands.ts';
import type { JsonValue } from './json.ts';

/** Why a stage is not up to date, recorded as data at the moment it is found. */
export type Reason =
  | { readonly kind: 'never-run' }
  | { readonly kind: 'cmd-changed'; readonly was: readonly string[]; readonly now: readonly string[] }
  | { readonly kind: 'dep-added'; readonly path: string }
  | { readonly kind: 'dep-removed'; readonly path: string }
  | {
      readonly kind: 'dep-changed';
      readonly path: string;
      readonly was: ContentHash;
      readonly now: ContentHash;
      /** The stage that makes the dep, if one does. */
      readonly by?: StageName;
    }
  | { readonly kind: 'dep-missing'; readonly path: string; readonly by?: StageName }
  | { readonly kind: 'param-added'; readonly file: string; readonly key: string; readonly now: JsonValue }
  | { readonly kind: 'param-removed'; readonly file: string; readonly key: string; readonly was: JsonValue }
  | {
      readonly kind: 'param-changed';
      readonly file: string;
      readonly key: string;
      readonly was: JsonValue;
      readonly now: JsonValue;
    }
  | { readonly kind: 'env-changed'; readonly name: string }
  | { readonly kind: 'out-added'; readonly path: string }
  | { readonly kind: 'out-removed'; readonly path: string }
  | { readonly kind: 'out-missing'; readonly path: string }
  | { readonly kind: 'out-changed'; readonly path: string; readonly was: ContentHash; readonly now: ContentHash }
  /** The stage above is stale and will run: whether this one does is known when it has. */
  | { readonly kind: 'upstream'; readonly stage: StageName }
  | { readonly kind: 'always-changed' }
  /** `by`: the stage above that ran, where only what is below a change is forced. */
  | { readonly kind: 'forced'; readonly by?: StageName };
