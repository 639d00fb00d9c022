// artifacts/split/train.csv -> artifacts/features: how text and other columns become columns of features, and the training rows.
import {
  FitWatch,
  columnInputs,
  dataFields,
  encodeLabels,
  exampleRow,
  featureOptions,
  featurizeFields,
  fitFeatures,
  profileOf,
  readSplitPart,
  runStage,
  writeFeatureArtifact,
} from '../src/ml/index.ts';

await runStage(async (stage) => {
  const columns = columnInputs(stage.params('data', dataFields));
  const options = stage.need(featureOptions(stage.params('featurize', featurizeFields), columns));
  const train = stage.need(await readSplitPart('artifacts/split', 'train'));

  const { classes, y } = encodeLabels(train.labels);
  const watch = new FitWatch({
    name: 'features',
    say: (line) => {
      stage.tell(line);
    },
  });
  const labels = { y, classes: classes.length };
  const beside = { labels, table: train.columns };
  const { features, matrix } = stage.need(await fitFeatures(options, train.texts, watch, beside));
  const data = { x: matrix, y, classes };
  await writeFeatureArtifact('artifacts/features', {
    features,
    data,
    example: exampleRow(train, columns),
    profile: profileOf(features, data, train.texts, train.columns),
  });

  const blocks = features.blocks.map((block) => `${block.columns} ${block.title}`);
  stage.say(`${matrix.rows} rows, ${features.columns} columns (${blocks.join(' + ')})`);
});
