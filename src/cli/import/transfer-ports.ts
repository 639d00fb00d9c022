import type { EventSink } from '../../core/events.ts';
import { ok, type Result } from '../../core/result.ts';
import type { TransferPorts } from '../../fs/import/fetch-into.ts';
import { parseMirror } from '../../fs/import/mirror.ts';
import { createProgressBar } from '../../report/live/progress-bar.ts';
import type { CliContext } from '../context.ts';
import { listenForInterrupts } from '../repro/interrupts.ts';

/** Downloads with a progress bar and an ear for Ctrl-C, as long as the work takes. */
export async function withTransfers<T>(
  context: CliContext,
  limits: Pick<TransferPorts, 'root' | 'maxBytes' | 'idleMs'>,
  work: (ports: TransferPorts) => Promise<Result<T>>,
): Promise<Result<T>> {
  const mirror = parseMirror(context.env['MLP_IMPORT_MIRROR'], context.cwd);
  if (!mirror.ok) return mirror;
  const { terminal, columns, colour } = context.log;
  const bar = terminal === undefined ? undefined : createProgressBar({ terminal, columns, colour });
  const emit: EventSink = (event) => {
    if (event.type === 'warning') context.log.write(`warning: ${event.text}\n`);
    else bar?.sink(event);
  };
  const interrupts = listenForInterrupts(() => undefined);
  const done = await work({ ...limits, mirror: mirror.value, signal: interrupts.signal, emit });
  interrupts.stop();
  bar?.finish();
  return done.ok ? ok(done.value) : done;
}
