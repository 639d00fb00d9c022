// artifacts/model and the raw test texts -> artifacts/metrics.json and artifacts/evaluation.
import {
  evaluateFields,
  evaluateModel,
  loadTrainedModel,
  readSplitPart,
  runStage,
  tellingTerms,
  writeEvaluation,
  writeMetrics,
} from '../src/ml/index.ts';

await runStage(async (stage) => {
  const params = stage.params('evaluate', evaluateFields);
  const model = stage.need(await loadTrainedModel('artifacts/model'));
  const test = stage.need(await readSplitPart('artifacts/split', 'test'));

  const evaluation = stage.need(evaluateModel(model, test, 'artifacts/split/test.csv'));
  await writeMetrics('artifacts/metrics.json', evaluation);
  const terms = tellingTerms(model, params.terms);
  await writeEvaluation('artifacts/evaluation', evaluation, { terms, mistakes: params.mistakes });

  const { accuracy, macroF1, rows, mistakes } = evaluation;
  stage.say(`accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}`);
  stage.say(`${mistakes.length} of ${rows} wrong; the hardest are in artifacts/evaluation/mistakes.json`);
});
