/** What a field of pipeline.yaml may hold. Checked by check-shape.ts, described in docs/pipeline-yaml.md, and the source of the JSON Schema. */
export type FieldType =
  | { readonly kind: 'text' | 'flag' | 'scalar' | 'any' | 'null' | 'duration' }
  /** Bounds include their ends. */
  | { readonly kind: 'number'; readonly integer?: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'list'; readonly of: FieldType; readonly what: string }
  /** A map whose keys the user chooses. */
  | { readonly kind: 'map'; readonly of: FieldType; readonly what: string }
  | { readonly kind: 'object'; readonly fields: FieldTable; readonly what: string }
  /** At most one alternative of each YAML kind (scalar, list, map), so that messages can follow the one that was meant. */
  | { readonly kind: 'either'; readonly types: readonly FieldType[] };

interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
  /** What counts when the field is absent, as the docs say it. */
  readonly standard?: string;
  readonly doc: string;
  /** YAML of the field alone, valid where the field may stand. */
  readonly example: string;
}

export type FieldTable = Readonly<Record<string, Field>>;

export const text: FieldType = { kind: 'text' };
export const flag: FieldType = { kind: 'flag' };
export const anything: FieldType = { kind: 'any' };
export const nothing: FieldType = { kind: 'null' };
export const listOf = (of: FieldType, what: string): FieldType => ({ kind: 'list', of, what });
export const mapOf = (of: FieldType, what: string): FieldType => ({ kind: 'map', of, what });
export const either = (...types: readonly FieldType[]): FieldType => ({ kind: 'either', types });
export const object = (fields: FieldTable, what: string): FieldType => ({ kind: 'object', fields, what });

/** How messages and docs name a type: `a list of paths`, `text or a list of commands`. */
export function describeType(type: FieldType): string {
  switch (type.kind) {
    case 'text':
      return 'text';
    case 'flag':
      return 'true or false';
    case 'scalar':
      return 'text, a number, true, false or null';
    case 'any':
      return 'anything';
    case 'null':
      return 'null';
    case 'duration':
      return 'seconds, or a duration such as 90s, 15m or 2h';
    case 'number':
      return describeNumber(type);
    case 'list':
    case 'map':
    case 'object':
      return type.what;
    case 'either':
      return type.types.map(describeType).join(' or ');
  }
}

function describeNumber({ integer, min, max }: { integer?: boolean; min?: number; max?: number }): string {
  const noun = integer === true ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  if (min !== undefined) return `${noun} of at least ${min}`;
  return max === undefined ? noun : `${noun} of at most ${max}`;
}
