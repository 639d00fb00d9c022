import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { ok } from '../../core/result.ts';
import { engines, type EngineName } from '../../ml/engines/engine.ts';
import { textTable } from '../../report/table.ts';
import type { CliContext } from '../context.ts';
import { enginePath, engineStates, removeEngine, type EngineState } from '../engines/engine-state.ts';
import { installEngine, type InstalledEngine } from '../engines/install-engine.ts';
import { printResult } from '../print-result.ts';

interface Flags {
  readonly json?: true;
  readonly force?: true;
  readonly wheel?: string;
}

const name = (): Argument => new Argument('<engine>', 'which').choices(Object.keys(engines));

/** `mlp engine`: the libraries that train boosted trees. */
export function command(context: CliContext): Command {
  const { env } = context;
  const engine = new Command('engine').description('Libraries that train boosted trees; what they trained needs none.');
  engine
    .command('list', { isDefault: true })
    .description('Each engine, and the library that it would use.')
    .option('--json', 'print JSON')
    .action(({ json }: Flags) => {
      printResult(context, ok(engineStates(env)), { json: json === true, text: renderStates });
    });
  engine
    .command('install')
    .description("Fetch the engine's wheel from PyPI, check it, and keep its library in the user's cache folder.")
    .addArgument(name())
    .option('--wheel <file>', 'take this file instead of fetching it')
    .option('--force', 'also when it is installed')
    .option('--json', 'print JSON')
    .action(async (which: EngineName, { json, force, wheel }: Flags) => {
      const file = wheel === undefined ? undefined : resolve(context.cwd, wheel);
      const say = (line: string): void => {
        context.log.write(`${line}\n`);
      };
      const installed = await installEngine(engines[which], { env, force: force === true, wheel: file, say });
      printResult(context, installed, { json: json === true, text: renderInstalled });
    });
  engine
    .command('remove')
    .description('Remove what was installed.')
    .addArgument(name())
    .option('--json', 'print JSON')
    .action(async (which: EngineName, { json }: Flags) => {
      printResult(context, ok(await removeEngine(engines[which], env)), {
        json: json === true,
        text: ({ removed, folder }) => (removed ? `removed ${folder}\n` : `${which} was not installed\n`),
      });
    });
  engine
    .command('path')
    .description('Print where the library lies.')
    .addArgument(name())
    .option('--json', 'print JSON')
    .action((which: EngineName, { json }: Flags) => {
      const text = ({ library }: EngineState): string => `${library ?? ''}\n`;
      printResult(context, enginePath(engines[which], env), { json: json === true, text });
    });
  return engine;
}

const renderInstalled = ({ engine, version, action, library, from }: InstalledEngine): string =>
  action === 'unchanged'
    ? `${engine} ${version} is installed: ${library}\n`
    : `installed ${engine} ${version} from ${from ?? ''}: ${library}\n`;

function renderStates(states: readonly EngineState[]): string {
  const columns = [{ title: 'engine' }, { title: 'version' }, { title: 'library' }];
  const rows = states.map(({ engine, version, source, library }) => [
    engine,
    version,
    library === null ? `none: mlp engine install ${engine}` : source === 'variable' ? `${library} (named)` : library,
  ]);
  return textTable({ columns, rows });
}
