import type { AuditEntry } from './types.ts';

type Step = Pick<AuditEntry, 'action' | 'outcome' | 'to' | 'version'>;

/**
 * Versions that were in Production, oldest first; the last one is there now. A promotion adds on top and a rollback takes the
 * top away, so that rolling back twice goes back two promotions and not to and fro.
 * `steps`: the audit trail of one model, oldest first.
 */
export function productionStack(steps: readonly Step[]): number[] {
  const stack: number[] = [];
  for (const { action, outcome, to, version } of steps) {
    if (outcome !== 'done' || to !== 'Production') continue;
    if (action === 'rollback') stack.pop();
    else stack.push(version);
  }
  return stack;
}
