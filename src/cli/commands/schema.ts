import { relative, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import type { JsonObject } from '../../core/json.ts';
import { exitCode, type ExitCode } from '../../core/exit-code.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { renderSchemaWritten } from '../../report/schema-written.ts';
import { styleFor } from '../../report/style.ts';
import type { CliContext } from '../context.ts';

const subjects = ['pipeline', 'params'] as const;
type Subject = (typeof subjects)[number];

/** `mlp schema`: the JSON Schema of pipeline files, or of the learning stages' params.yaml, for editors. */
export function command(context: CliContext): Command {
  return new Command('schema')
    .description('Print the JSON Schema of pipeline files, with which editors check and complete them')
    .addArgument(
      new Argument('[of]', 'pipeline files, or params.yaml of the learning stages')
        .choices(subjects)
        .default('pipeline'),
    )
    .option('-o, --output <file>', 'write it to a file instead')
    .option('--json', 'it is JSON in any case')
    .action(async (subject: Subject, flags: { readonly output?: string }) => {
      context.finish(await schema(context, subject, flags.output));
    });
}

async function schema(context: CliContext, subject: Subject, output: string | undefined): Promise<ExitCode> {
  const text = `${JSON.stringify(await schemaOf(subject), null, 2)}\n`;
  if (output === undefined) {
    context.out.write(text);
    return exitCode.done;
  }
  const file = resolve(context.cwd, output);
  try {
    writeFileAtomic(file, text);
  } catch (error) {
    return context.fail(systemProblem(error, { what: 'write', path: output }));
  }
  const workspace = context.workspace();
  const pipeline = workspace.ok ? resolve(workspace.value.root, workspace.value.pipelineFile) : undefined;
  const from = pipeline === undefined ? context.cwd : resolve(pipeline, '..');
  // On standard error: nothing else of this command is for people.
  context.log.write(
    renderSchemaWritten({ file: output, from: relative(from, file), subject }, styleFor(context.log.colour)),
  );
  return exitCode.done;
}

async function schemaOf(subject: Subject): Promise<JsonObject> {
  if (subject === 'params') return (await import('../../ml/params-schema.ts')).paramsSchema();
  return (await import('../../config/json-schema.ts')).pipelineSchema();
}
