import { splitRows } from '../../ml/columns/column.ts';
import type { ModelPackage } from '../../ml/package/types.ts';
import { plainLine } from '../../report/terminal-text.ts';

const text = 'what a great video';

/** The path and options of a curl command that asks a model: about a comment or, where it takes other columns too, about a row with those of its example. */
export function tryRequest(model: ModelPackage): string {
  const { columns } = model.info.signature;
  if (columns === undefined) return withBody('/predict', `{"comments": ["${text}"]}`);
  const { columns: cells } = splitRows([model.reproduceExample().input], columns);
  const row = Object.fromEntries(Array.from(cells, ([name, [cell]]) => [name, cell]));
  return withBody('/invocations', JSON.stringify({ dataframe_records: [{ ...row, text }] }));
}

/** Quoted for a shell. The names and values of a package may hold anything, so control characters go. */
const withBody = (path: string, json: string): string =>
  `${path} -H 'Content-Type: application/json' -d '${plainLine(json.replaceAll("'", String.raw`'\''`))}'`;
