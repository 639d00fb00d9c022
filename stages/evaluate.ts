// artifacts/model and the raw test texts -> artifacts/metrics.json and artifacts/evaluation, with report.html to read.
import {
  compareWith,
  evaluateFields,
  evaluateModel,
  inputsOf,
  loadTrainedModel,
  readSplitPart,
  runStage,
  writeEvaluation,
  writeMetrics,
} from '../src/ml/index.ts';

await runStage(async (stage) => {
  const { terms, mistakes, against, seed } = stage.params('evaluate', evaluateFields);
  const model = stage.need(await loadTrainedModel('artifacts/model'));
  const test = stage.need(await readSplitPart('artifacts/split', 'test'));
  const { texts } = test;

  const options = { source: 'artifacts/split/test.csv', seed };
  const evaluation = stage.need(evaluateModel(model, test, options));
  const other =
    against === null ? null : stage.need(await compareWith(against, evaluation, { inputs: inputsOf(test), seed }));
  await writeMetrics('artifacts/metrics.json', evaluation);
  await writeEvaluation('artifacts/evaluation', { evaluation, model, texts }, { terms, mistakes, against: other });

  const { rows, scores } = evaluation;
  stage.say(`accuracy ${scores.labels.accuracy.toFixed(4)}, macro F1 ${scores.labels.macroF1.toFixed(4)}`);
  stage.say(`${evaluation.mistakes.length} of ${rows} wrong; artifacts/evaluation/report.html shows the hardest`);
});
