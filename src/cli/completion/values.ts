import { flattenValues } from '../../core/flatten.ts';
import { readText } from '../../config/read-text.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { git } from '../processes/git.ts';
import { withModels, withRuns } from '../stores.ts';
import type { Kind } from './kinds.ts';

/** A word that may stand at the cursor, with what the shell may show beside it. */
export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** As many runs as anybody looks through. */
const mostRuns = 50;

/** The words of the project that may stand there. What cannot be read gives none: a Tab is no place for an error. */
export async function candidatesOf(context: CliContext, kind: Kind): Promise<readonly Candidate[]> {
  switch (kind.is) {
    case 'words':
      return kind.words.map((value) => ({ value }));
    case 'stages':
      return stages(context);
    case 'runs':
      return runs(context);
    case 'models':
      return models(context);
    case 'params':
    case 'keys':
      return params(context);
    case 'revisions':
      return revisions(context);
    default:
      return [];
  }
}

async function stages(context: CliContext): Promise<Candidate[]> {
  const project = await openCalledProject(context, undefined);
  if (!project.ok) return [];
  project.value.close();
  const { stages: all } = project.value.config;
  const groups = [...new Set(all.flatMap(({ group }) => group ?? []))];
  return [
    ...groups.map((value) => ({ value, about: 'all of the group' })),
    ...all.map(({ name, desc }) => ({ value: name, ...(desc === undefined ? {} : { about: desc }) })),
  ];
}

async function runs(context: CliContext): Promise<Candidate[]> {
  const found = await withRuns(context, async (open) => open.runs.listRuns({ limit: mostRuns }));
  return found.ok ? found.value.map(({ name, status }) => ({ value: name, about: status.toLowerCase() })) : [];
}

async function models(context: CliContext): Promise<Candidate[]> {
  const found = await withModels(context, async (open) => open.registry.listModels());
  if (!found.ok) return [];
  return found.value.flatMap(({ name, versions }) => [
    { value: name },
    ...versions.map(({ version, stage }) => ({ value: `${name}@v${version}`, about: stage })),
  ]);
}

/** Keys of params.yaml, with their values. */
async function params(context: CliContext): Promise<Candidate[]> {
  const workspace = context.workspace();
  const text = workspace.ok ? readText(workspace.value.root, 'params.yaml') : workspace;
  if (!text.ok) return [];
  const { parseParamsFile } = await import('../../config/params-file.ts');
  const values = parseParamsFile(text.value, 'params.yaml');
  if (!values.ok) return [];
  return Object.entries(flattenValues(values.value)).map(([key, value]) => ({
    value: key,
    about: JSON.stringify(value),
  }));
}

async function revisions(context: CliContext): Promise<Candidate[]> {
  const words = ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'];
  const found = await git(context.cwd, words, 'list the revisions');
  if (!found.ok) return [];
  return ['HEAD', ...found.value.split('\n').filter((name) => name !== '')].map((value) => ({ value }));
}
