import { systemClock } from '../../core/clock.ts';
import { ok } from '../../core/result.ts';
import { renderRun } from '../../report/run-detail.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { withModels } from '../stores.ts';

/** `mlp runs show`. */
export async function showRun(context: CliContext, reference: string, json: boolean): Promise<void> {
  const found = await withModels(context, async ({ runs, registry }) => {
    const run = await runs.findRun(reference);
    if (!run.ok) return run;
    const versions = await registry.versionsOfRuns([run.value.id]);
    return versions.ok ? ok({ run: run.value, versions: versions.value.get(run.value.id) ?? [] }) : versions;
  });
  const now = systemClock.now();
  printResult(context, found, {
    json,
    text: ({ run, versions }, screen) => renderRun(run, versions, { ...screen, now }),
    data: ({ run, versions }) => ({ ...run, models: versions }),
  });
}
