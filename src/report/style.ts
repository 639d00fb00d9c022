import picocolors from 'picocolors';

/** Puts a style around text; the text's width stays what it was. */
export type Paint = (text: string) => string;

/** What the screens may do to text. Without colour every member returns its text unchanged. */
export interface Style {
  readonly dim: Paint;
  readonly bold: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
}

/** The styles for one output: `colour` is `Output.colour` of the stream that is written to. */
export function styleFor(colour: boolean): Style {
  const { dim, bold, red, yellow, green, cyan } = picocolors.createColors(colour);
  return { dim, bold, red, yellow, green, cyan };
}
