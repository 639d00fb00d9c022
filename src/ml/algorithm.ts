import type { Estimator } from './estimator.ts';
import type { Fields, ValuesOf } from './fields.ts';

/** One way of learning, as params.yaml names it. */
export interface Algorithm {
  readonly name: string;
  /** Its hyperparameters, with how each is read. */
  readonly fields: Fields;
  /** Other names of its hyperparameters: alias -> name. */
  readonly aliases: Readonly<Record<string, string>>;
  /** `values` are what `fields` read. */
  create(values: Readonly<Record<string, unknown>>): Estimator;
}

/** An algorithm whose `create` gets its values by their types. `otherNames` has a list for each hyperparameter that has some. */
export const algorithm = <const F extends Fields>(
  name: string,
  fields: F,
  create: (values: ValuesOf<F>) => Estimator,
  otherNames: { readonly [K in keyof F]?: readonly string[] } = {},
): Algorithm => ({
  name,
  fields,
  aliases: Object.fromEntries(
    Object.entries<readonly string[] | undefined>(otherNames).flatMap(([field, names = []]) =>
      names.map((alias) => [alias, field]),
    ),
  ),
  create: (values) => create(values as ValuesOf<F>),
});

/** What an algorithm calls the hyperparameter of that name or alias; undefined where it has none. */
export const ownName = ({ fields, aliases }: Algorithm, name: string): string | undefined =>
  Object.hasOwn(fields, name) ? name : Object.hasOwn(aliases, name) ? aliases[name] : undefined;
