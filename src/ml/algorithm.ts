import type { Estimator } from './estimator.ts';
import type { Fields, ValuesOf } from './fields.ts';

/** One way of learning, as params.yaml names it. */
export interface Algorithm {
  readonly name: string;
  /** Its hyperparameters, with how each is read. */
  readonly fields: Fields;
  /** `values` are what `fields` read. */
  create(values: Readonly<Record<string, unknown>>): Estimator;
}

/** An algorithm whose `create` gets its values by their types. */
export const algorithm = <const F extends Fields>(
  name: string,
  fields: F,
  create: (values: ValuesOf<F>) => Estimator,
): Algorithm => ({ name, fields, create: (values) => create(values as ValuesOf<F>) });
