import { Argument, Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { completionScripts, shells, type Shell } from '../completion/scripts.ts';
import type { CliContext } from '../context.ts';

/** `mlp completion`: the script that makes a shell complete mlp's words. */
export function command(context: CliContext): Command {
  return new Command('completion')
    .description(
      'Print the script that lets a shell complete commands, options, stages, runs, models and params.\n' +
        '  bash, in ~/.bashrc:  source <(mlp completion bash)\n' +
        '  zsh, in ~/.zshrc:    source <(mlp completion zsh)\n' +
        '  fish, once:          mlp completion fish > ~/.config/fish/completions/mlp.fish',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action((shell: Shell) => {
      context.out.write(completionScripts[shell]);
      context.finish(exitCode.done);
    });
}
