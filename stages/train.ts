// artifacts/features -> artifacts/model, a package that takes raw text and needs nothing else, and artifacts/training.csv, how the fit went.
import {
  FitWatch,
  readFeatureArtifact,
  runStage,
  trainField,
  writeArtifact,
  writeModelPackage,
} from '../src/ml/index.ts';

await runStage(async (stage) => {
  const { name, estimator, unused } = stage.param('train', trainField);
  if (unused.length > 0) stage.say(`not used by ${estimator.algorithm}: ${unused.join(', ')}`);
  const { features, data, example, profile } = stage.need(await readFeatureArtifact('artifacts/features'));

  const watch = new FitWatch({
    name: estimator.algorithm,
    say: (line) => {
      stage.tell(line);
    },
  });
  const classifier = stage.need(await estimator.fit(data, watch));
  await writeArtifact('artifacts/training.csv', watch.curveCsv());
  await writeModelPackage('artifacts/model', {
    name,
    features,
    classifier,
    hyperparameters: estimator.params,
    example,
    profile,
    fingerprint: process.env['MLP_FINGERPRINT'] ?? null,
  });

  const facts = Object.entries(classifier.metrics).map(([name, value]) => `${name} ${Number(value.toFixed(4))}`);
  const told = facts.length === 0 ? '' : `: ${facts.join(', ')}`;
  stage.say(`${estimator.algorithm} on ${data.x.rows} rows${told}`);
});
