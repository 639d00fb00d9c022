import type { GateRules } from './gates.ts';

/**
 * The metric that decides between versions: the first rule that speaks of gain, else the first rule, else macro F1, which no
 * single frequent class can carry.
 */
export function primaryMetric(rules: GateRules): string {
  const rule = rules.thresholds.find(({ minGain }) => minGain !== undefined) ?? rules.thresholds[0];
  return rule?.metric ?? 'macro_f1';
}

/** A rule that bounds a metric only from above says that less of it is better. */
export function isLowerBetter(rules: GateRules, metric: string): boolean {
  const rule = rules.thresholds.find((threshold) => threshold.metric === metric);
  return rule?.max !== undefined && rule.min === undefined;
}
