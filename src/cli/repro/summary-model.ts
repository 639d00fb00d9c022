import { gateCount } from '../../registry/gates.ts';
import type { StagedVersion } from '../../registry/register-and-stage.ts';
import { gateMeasured, gateTitle } from '../../report/gate-text.ts';
import type { SummaryModel } from '../../report/run-summary.ts';

/** What is told of a version; of one that was registered before, only where it stands. */
export function summaryModel({ model, version, stage, gates, isNew }: StagedVersion): SummaryModel {
  const known = { name: model, version, stage };
  if (!isNew) return known;
  const refused = gates
    .filter(({ verdict }) => verdict === 'refused')
    .map((gate) => ({ gate: gateTitle(gate), measured: gateMeasured(gate) }));
  return { ...known, gates: gateCount(gates), refused };
}
