// The public entry of the learning package, for stage scripts and for users as `mlp-cli/ml`.
export { dropRepeated, encodeLabels, readLabelledTexts } from './data/labelled-texts.ts';
export { dataFields, labelledSource, preprocessFields } from './data/options.ts';
export { readSplitPart, splitTexts, writeSplit } from './data/split-files.ts';
export { createEstimator, trainFields } from './estimators.ts';
export { evaluateModel } from './evaluation/evaluate.ts';
export { evaluateFields } from './evaluation/options.ts';
export { tellingTerms } from './evaluation/telling-terms.ts';
export { writeEvaluation, writeMetrics } from './evaluation/write-report.ts';
export { featureOptions, featurizeFields } from './features/options.ts';
export { fitFeatures } from './features/pipeline.ts';
export { readFeatureArtifact, writeFeatureArtifact } from './features/training-file.ts';
export { loadModelPackage, loadTrainedModel } from './package/load.ts';
export { writeModelPackage } from './package/write.ts';
export { runStage } from './stage/run-stage.ts';
export type { ExampleCheck, ModelInfo, ModelPackage, Prediction } from './package/types.ts';
