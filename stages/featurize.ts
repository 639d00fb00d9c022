// artifacts/split/train.csv -> artifacts/features: how text becomes columns, and the training rows.
import {
  FitWatch,
  encodeLabels,
  featureOptions,
  featurizeFields,
  fitFeatures,
  profileOf,
  readSplitPart,
  runStage,
  writeFeatureArtifact,
} from '../src/ml/index.ts';

await runStage(async (stage) => {
  const options = stage.need(featureOptions(stage.params('featurize', featurizeFields)));
  const train = stage.need(await readSplitPart('artifacts/split', 'train'));

  const { classes, y } = encodeLabels(train.labels);
  const watch = new FitWatch({
    name: 'features',
    say: (line) => {
      stage.tell(line);
    },
  });
  const labels = { y, classes: classes.length };
  const { features, matrix } = stage.need(await fitFeatures(options, train.texts, watch, labels));
  const data = { x: matrix, y, classes };
  await writeFeatureArtifact('artifacts/features', {
    features,
    data,
    example: train.texts[0] ?? '',
    profile: profileOf(features, data, train.texts),
  });

  const blocks = features.blocks.map((block) => `${block.columns} ${block.title}`);
  stage.say(`${matrix.rows} rows, ${features.columns} columns (${blocks.join(' + ')})`);
});
