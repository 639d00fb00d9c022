import type { StageName } from '../../core/brands.ts';
import type { Unremarkable } from './unremarkable.ts';

/** What must be known of the project to judge what one of its stages did. */
export interface TraceScene {
  /** Absolute. */
  readonly root: string;
  /** Path of every out, with the stage that makes it. */
  readonly makers: ReadonlyMap<string, StageName>;
  /** Files that hold params of any stage. */
  readonly paramsFiles: ReadonlySet<string>;
  readonly unremarkable: Unremarkable;
}
