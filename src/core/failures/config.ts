import { exitCode } from '../exit-code.ts';
import { didYouMean, kind } from './kind.ts';

/** pipeline.yaml, params files and the graph they describe. */
export const configFailures = {
  'unknown-field': kind<{ field: string; owner: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `unknown field "${d.field}" in ${d.owner}`,
    next: (d) => didYouMean(d.near) ?? 'docs/pipeline-yaml.md lists every field',
  }),
};
