// The public entry of the learning package, for stage scripts and for users as `mlp-cli/ml`.
export { exampleRow } from './columns/example.ts';
export { boostedRegression } from './boosting/boosted-regression.ts';
export { boostedTrees } from './boosting/boosted-trees.ts';
export { regressorFromParts } from './boosting/tree-regressor.ts';
export { dropRepeated, encodeLabels, readLabelledTexts } from './data/labelled-texts.ts';
export { columnInputs, dataFields, labelledSource, preprocessFields } from './data/options.ts';
export { repeatedStratifiedKFold, splitsOf, stratifiedKFold } from './data/folds.ts';
export { groupKFold, groupsOf, stratifiedGroupKFold } from './data/group-folds.ts';
export { timeSplits } from './data/time-splits.ts';
export { readSplitPart, splitTexts, writeSplit } from './data/split-files.ts';
export { trainField } from './estimators.ts';
export { compareWith } from './evaluation/against.ts';
export { evaluateModel, inputsOf } from './evaluation/evaluate.ts';
export { evaluateFields } from './evaluation/options.ts';
export { writeEvaluation, writeMetrics } from './evaluation/write-report.ts';
export { featureOptions, featurizeFields } from './features/options.ts';
export { fitFeatures } from './features/pipeline.ts';
export { profileOf } from './features/profile.ts';
export { readFeatureArtifact, writeFeatureArtifact } from './features/training-file.ts';
export { cohenKappa, matthewsCorrelation } from './metrics/agreement.ts';
export { classificationScores } from './metrics/classification.ts';
export { compareModels } from './metrics/compare-models.ts';
export { scoreIntervals } from './metrics/intervals.ts';
export { mcnemar } from './metrics/mcnemar.ts';
export {
  averagePrecisionByClass,
  rankEachClass,
  rocAucOneVsOne,
  rocAucOneVsRest,
} from './metrics/multiclass-ranking.ts';
export { brierScore, calibrationError, logLoss, reliability } from './metrics/probability.ts';
export { precisionRecallCurve, rankByScore, rocCurve } from './metrics/ranking.ts';
export { loadModelPackage, loadTrainedModel } from './package/load.ts';
export { writeModelPackage } from './package/write.ts';
export { writeWhole as writeArtifact } from './io/files.ts';
export { FitWatch } from './stage/fit-watch.ts';
export { runStage } from './stage/run-stage.ts';
export { readTreeModel } from './trees/foreign-model.ts';
export { readWordVectors, wordVectorsOf, writeWordVectors } from './word2vec/vector-files.ts';
export type { InputRow, ModelInput } from './columns/column.ts';
export type { BoostedRegressionParams, Regression, RegressionSet } from './boosting/boosted-regression.ts';
export type { BoostedTreesParams } from './boosting/boosted-trees.ts';
export type { ExampleCheck, ModelInfo, ModelPackage, Prediction } from './package/types.ts';
