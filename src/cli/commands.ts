import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** What a file under commands/ exports. */
interface CommandModule {
  /** Declares arguments and options; its action ends in `context.finish(code)`. */
  command(context: CliContext): Command;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** `hidden`: called by mlp itself, and left out of the help. */
  readonly group: 'pipeline' | 'experiments' | 'models' | 'data' | 'project' | 'hidden';
  load(): Promise<CommandModule>;
}

/** Every command, in the order of `mlp --help`. Its code is read only when it is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a working project into a folder',
    group: 'project',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'repro',
    summary: 'run what is stale, restore what is known, record a run',
    group: 'pipeline',
    load: () => import('./commands/repro.ts'),
  },
  {
    name: 'status',
    summary: 'show what repro would do, and why',
    group: 'pipeline',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'explain',
    summary: 'why a stage would run: every input, then and now',
    group: 'pipeline',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'dag',
    summary: 'draw the stages and what flows between them',
    group: 'pipeline',
    load: () => import('./commands/dag.ts'),
  },
  {
    name: 'stage',
    summary: 'list the stages, add one',
    group: 'pipeline',
    load: () => import('./commands/stage.ts'),
  },
  {
    name: 'add',
    summary: 'track data that no stage makes',
    group: 'data',
    load: () => import('./commands/add.ts'),
  },
  {
    name: 'checkout',
    summary: 'bring outs and tracked data to what is recorded',
    group: 'data',
    load: () => import('./commands/checkout.ts'),
  },
  {
    name: 'clean',
    summary: 'remove outs that the cache can give back',
    group: 'data',
    load: () => import('./commands/clean.ts'),
  },
  {
    name: 'commit',
    summary: 'store and record what stands in the workspace',
    group: 'pipeline',
    load: () => import('./commands/commit.ts'),
  },
  {
    name: 'freeze',
    summary: 'leave stages as they are: neither checked nor run',
    group: 'pipeline',
    load: () => import('./commands/freeze.ts'),
  },
  {
    name: 'unfreeze',
    summary: 'let frozen stages be checked and run again',
    group: 'pipeline',
    load: () => import('./commands/unfreeze.ts'),
  },
  {
    name: 'data',
    summary: 'how outs and tracked data differ from what is recorded',
    group: 'data',
    load: () => import('./commands/data.ts'),
  },
  {
    name: 'gc',
    summary: 'remove from the cache what nothing needs',
    group: 'data',
    load: () => import('./commands/gc.ts'),
  },
  {
    name: 'migrate',
    summary: 'take over what DVC recorded, so that nothing reruns',
    group: 'data',
    load: () => import('./commands/migrate.ts'),
  },
  {
    name: 'import-url',
    summary: 'download a data file and keep where it comes from',
    group: 'data',
    load: () => import('./commands/import-url.ts'),
  },
  {
    name: 'update',
    summary: 'fetch imported files again, and keep what changed',
    group: 'data',
    load: () => import('./commands/update.ts'),
  },
  {
    name: 'predict',
    summary: 'ask a model about texts',
    group: 'models',
    load: () => import('./commands/predict.ts'),
  },
  {
    name: 'serve',
    summary: 'serve a model over HTTP',
    group: 'models',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'runs',
    summary: 'list runs, show one, read its logs',
    group: 'experiments',
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'compare',
    summary: 'runs side by side: what differs and what it won',
    group: 'experiments',
    load: () => import('./commands/compare.ts'),
  },
  {
    name: 'plots',
    summary: 'draw plots, of several revisions over each other',
    group: 'pipeline',
    load: () => import('./commands/plots.ts'),
  },
  {
    name: 'metrics',
    summary: 'show metrics, or what changed since a git revision',
    group: 'pipeline',
    load: () => import('./commands/metrics.ts'),
  },
  {
    name: 'params',
    summary: 'show params, or what changed since a git revision',
    group: 'pipeline',
    load: () => import('./commands/params.ts'),
  },
  {
    name: 'models',
    summary: 'registered models, their versions and audit trail',
    group: 'models',
    load: () => import('./commands/models.ts'),
  },
  {
    name: 'engine',
    summary: 'libraries that train boosted trees: install, remove',
    group: 'models',
    load: () => import('./commands/engine.ts'),
  },
  {
    name: 'promote',
    summary: 'ask the gates and move a version to production',
    group: 'models',
    load: () => import('./commands/promote.ts'),
  },
  {
    name: 'rollback',
    summary: 'put the former version back into production',
    group: 'models',
    load: () => import('./commands/rollback.ts'),
  },
  {
    name: 'completion',
    summary: 'let bash, zsh or fish complete what you type',
    group: 'project',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'schema',
    summary: 'JSON Schema of pipeline files, for editors',
    group: 'project',
    load: () => import('./commands/schema.ts'),
  },
  {
    name: 'doctor',
    summary: 'check machine, project, cache and records; say how to mend',
    group: 'project',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: '__probe',
    summary: 'measure model packages for promote',
    group: 'hidden',
    load: () => import('./commands/probe.ts'),
  },
];
