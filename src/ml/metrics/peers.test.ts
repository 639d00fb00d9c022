import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { splitsOf, stratifiedKFold } from '../data/folds.ts';
import { groupKFold, stratifiedGroupKFold } from '../data/group-folds.ts';
import { timeSplits } from '../data/time-splits.ts';
import { largestOfRows } from '../estimator.ts';
import { cohenKappa, matthewsCorrelation } from './agreement.ts';
import { classificationScores } from './classification.ts';
import { mcnemar } from './mcnemar.ts';
import { averagePrecisionByClass, rankEachClass, rocAucOneVsOne, rocAucOneVsRest } from './multiclass-ranking.ts';
import { brierScore, logLoss, reliability } from './probability.ts';
import { precisionRecallCurve, rocCurve } from './ranking.ts';
import type { Curve } from './ranking.ts';

/** What test/peers/metrics_reference.py takes. */
type Question =
  | { readonly kind: 'scores'; readonly classes: number; readonly truth: number[]; readonly probabilities: number[] }
  | {
      readonly kind: 'splits';
      readonly y: number[];
      readonly groups: number[];
      readonly folds: number;
      readonly time: { readonly gap: number; readonly testRows: number; readonly mostTrainRows: number };
    }
  | { readonly kind: 'tests'; readonly discordant: readonly (readonly [number, number])[] };

/** Nested numbers, as the reference gives them. */
type Numbers = number | readonly Numbers[] | { readonly [name: string]: Numbers };

const plain = ({ x, y }: Curve): Numbers => ({ x: [...x], y: [...y] });

function scores({ classes, ...given }: Question & { kind: 'scores' }): Record<string, Numbers> {
  const judged = {
    truth: Int32Array.from(given.truth),
    probabilities: Float64Array.from(given.probabilities),
    classes,
  };
  const labels = classificationScores(judged.truth, largestOfRows(judged.probabilities, classes), classes);
  const { accuracy, macro, micro, weighted, confusion } = labels;
  const rankings = rankEachClass(judged);
  const [ovr, ovo] = [rocAucOneVsRest(rankings), rocAucOneVsOne(judged)];
  const precision = averagePrecisionByClass(rankings);
  const firstOnly = judged.truth.map((c) => (c === 0 ? 1 : 0));
  const claims = Float64Array.from(firstOnly, (_, row) => judged.probabilities[row * classes]!);
  const bins = reliability(claims, Uint8Array.from(firstOnly), 10);
  const several = {
    ...{ ovr_macro: ovr.macro, ovr_weighted: ovr.weighted },
    ...{ ovo_macro: ovo.macro, ovo_weighted: ovo.weighted },
  };
  return {
    ...{ accuracy, macro: { ...macro }, micro: { ...micro }, weighted: { ...weighted } },
    matthews: matthewsCorrelation(confusion, classes),
    kappa: cohenKappa(confusion, classes),
    kappa_linear: cohenKappa(confusion, classes, 'linear'),
    kappa_quadratic: cohenKappa(confusion, classes, 'quadratic'),
    log_loss: logLoss(judged),
    brier: brierScore(judged),
    ovr: [...ovr.each],
    average_precision: [...precision.each],
    average_precision_weighted: precision.weighted,
    ...(classes > 2 ? several : {}),
    roc: plain(rocCurve(rankings[0]!)),
    pr: plain(precisionRecallCurve(rankings[0]!)),
    reliability: { claimed: bins.map((bin) => bin.claimed), observed: bins.map((bin) => bin.observed) },
  };
}

const need = <T>(result: { ok: true; value: T } | { ok: false; error: { reason: string } }): T => {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};

function splits({ folds, time, ...given }: Question & { kind: 'splits' }): Record<string, Numbers> {
  const y = Int32Array.from(given.y);
  const classes = Array.from({ length: Math.max(...y) + 1 }, (_, c) => `class ${c}`);
  const distinct = [...new Set(given.groups)].sort((a, b) => a - b);
  const groups = {
    groupOf: Int32Array.from(given.groups, (group) => distinct.indexOf(group)),
    count: distinct.length,
  };
  const inTime = (options: Parameters<typeof timeSplits>[1]): Numbers =>
    need(timeSplits(y.length, options)).map(({ train, test }) => [[...train], [...test]]);
  const stratified = need(stratifiedKFold(y, classes, { folds }));
  const [first] = splitsOf(stratified);
  expect(first!.test).toEqual(first!.test.filter((row) => stratified.foldOf[row] === 0));
  return {
    stratified: [...stratified.foldOf],
    group: [...need(groupKFold(groups, folds)).foldOf],
    stratified_group: [...need(stratifiedGroupKFold(y, classes.length, groups, folds)).foldOf],
    time: inTime({ splits: folds, ...time }),
    time_plain: inTime({ splits: folds }),
  };
}

function tests({ discordant }: Question & { kind: 'tests' }): Record<string, Numbers> {
  const both = discordant.map(([onlyFirst, onlySecond]) => mcnemar({ onlyFirst, onlySecond }));
  return { exact: both.map(({ exact }) => exact), approximate: both.map(({ approximate }) => approximate) };
}

function answer(question: Question): Record<string, Numbers> {
  if (question.kind === 'scores') return scores(question);
  return question.kind === 'splits' ? splits(question) : tests(question);
}

/** Every number of the reference is ours within 1e-9. */
function expectSame(ours: Numbers, theirs: Numbers, where: string): void {
  if (typeof theirs === 'number') {
    expect(Math.abs((ours as number) - theirs), `${where}: ${JSON.stringify(ours)} for ${theirs}`).toBeLessThan(1e-9);
    return;
  }
  expect(Object.keys(ours as object).sort(), where).toEqual(Object.keys(theirs).sort());
  for (const [name, value] of Object.entries(theirs)) {
    expectSame((ours as Record<string, Numbers>)[name]!, value, `${where}.${name}`);
  }
}

const kindsIn = (questions: readonly Question[]): string => questions.map(({ kind }) => kind).join(' ');

it('scores, splits and tests are those of scikit-learn and statsmodels (test/peers/metrics-fixture.json)', () => {
  const fixture = JSON.parse(readFileSync('test/peers/metrics-fixture.json', 'utf8')) as {
    questions: Question[];
    answers: Numbers[];
  };
  expect(kindsIn(fixture.questions)).toContain('scores splits');
  for (const [at, question] of fixture.questions.entries()) {
    expectSame(answer(question), fixture.answers[at]!, `question ${at} (${question.kind})`);
  }
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write(
    'metrics are not compared with scikit-learn itself: MLP_TEST_PYTHON names no Python that has it\n',
  );
}

/** Skewed classes, ties, and probabilities of 0 and 1. */
function randomQuestions(seed: number): Question[] {
  const random = seededRandom(seed);
  const whole = (below: number): number => Math.floor(random() * below);
  const questions: Question[] = [];
  for (const [rows, classes, grain] of [
    [2000, 3, 0],
    [3000, 2, 20],
    [1500, 8, 6],
    [400, 5, 2],
  ] as const) {
    const truth = Array.from({ length: rows }, (_, row) =>
      row < classes ? row : Math.min(whole(classes), whole(classes)),
    );
    const probabilities = truth.flatMap((own) => {
      const raw = Array.from({ length: classes }, (_, c) => random() ** 2 + (c === own ? random() : 0));
      const coarse = grain === 0 ? raw : raw.map((value) => Math.round(value * grain));
      const sum = coarse.reduce((a, b) => a + b, 0);
      return sum === 0 ? coarse.map(() => 1 / classes) : coarse.map((value) => value / sum);
    });
    questions.push({ kind: 'scores', classes, truth, probabilities });
  }
  for (const [rows, classes, groups, folds] of [
    [1000, 3, 200, 5],
    [700, 6, 40, 10],
  ] as const) {
    const y = Array.from({ length: rows }, (_, row) => (row < classes * folds ? row % classes : whole(classes)));
    const time = { gap: whole(5), testRows: 20, mostTrainRows: 100 };
    questions.push({ kind: 'splits', y, groups: y.map(() => whole(groups)), folds, time });
  }
  return questions;
}

describe.skipIf(python === undefined)('against scikit-learn itself, on seeded questions', () => {
  it('scores and splits are the same', { timeout: 120_000 }, () => {
    const questions = randomQuestions(3);
    const theirs = execFileSync(python ?? '', ['test/peers/metrics_reference.py'], {
      input: JSON.stringify(questions),
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    for (const [at, each] of (JSON.parse(theirs) as Numbers[]).entries()) {
      expectSame(answer(questions[at]!), each, `question ${at} (${questions[at]!.kind})`);
    }
  });
});
