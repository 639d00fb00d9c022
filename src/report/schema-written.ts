import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

export interface SchemaWritten {
  readonly file: string;
  /** Its path from the folder of the pipeline file. */
  readonly from: string;
  readonly subject: 'pipeline' | 'params';
}

/** What `mlp schema --output` says: the line that points an editor to the file. */
export function renderSchemaWritten({ file, from, subject }: SchemaWritten, style: Style): string {
  const path = from.startsWith('../') ? from : `./${from}`;
  const begun = subject === 'pipeline' ? 'the pipeline file' : 'params.yaml';
  return [
    `  ${style.bold(plainLine(file))} written`,
    `  ${style.cyan('next:')} begin ${begun} with`,
    `  # yaml-language-server: $schema=${plainLine(path)}`,
    '',
  ].join('\n');
}
