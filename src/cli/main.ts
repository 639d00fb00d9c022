import { exitCode } from '../core/exit-code.ts';
import { createContext } from './create-context.ts';
import { reportBug } from './report-bug.ts';
import { runCommand } from './run-command.ts';
import { outlastOutput } from './terminal.ts';

// The exit code until a command says otherwise: a command that never ends its work has a bug.
process.exitCode = exitCode.bug;
outlastOutput();
const context = createContext(process);
runCommand(context).catch((error: unknown) => {
  reportBug(context, error);
});
