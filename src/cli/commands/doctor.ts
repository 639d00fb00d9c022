import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { diagnosisData, renderDiagnosis } from '../../report/doctor.ts';
import { createProgressBar } from '../../report/live/progress-bar.ts';
import type { CliContext } from '../context.ts';
import { diagnose, isHealthy } from '../doctor/diagnose.ts';
import { printResult } from '../print-result.ts';

interface DoctorFlags {
  readonly file?: string;
  readonly quick?: true;
  readonly fix?: true;
  readonly json?: true;
}

/** `mlp doctor`: is everything sound that mlp stands on? */
export function command(context: CliContext): Command {
  return new Command('doctor')
    .description('Check this machine, the project, its cache and its records, and say how to mend what is wrong')
    .option('-f, --file <file>', 'pipeline file')
    .option('--quick', 'do not read the bytes of the cache')
    .option('--fix', 'mend what can be mended without losing anything of value')
    .option('--json', 'print the findings as JSON')
    .action(async (flags: DoctorFlags) => {
      const { terminal, columns, colour } = context.log;
      const bar = terminal === undefined ? undefined : createProgressBar({ terminal, columns, colour });
      const diagnosis = await diagnose({
        cwd: context.cwd,
        workspace: context.workspace(flags.file),
        quick: flags.quick === true,
        fix: flags.fix === true,
        emit: (event) => bar?.sink(event),
      });
      bar?.finish();
      printResult(context, diagnosis, {
        json: flags.json === true,
        text: renderDiagnosis,
        data: (found) => diagnosisData(found, isHealthy(found)),
        exit: (found) => (isHealthy(found) ? exitCode.done : exitCode.stageFailed),
      });
    });
}
