// artifacts/features -> artifacts/model: a package that takes raw text and needs nothing else.
import { createEstimator, readFeatureArtifact, runStage, trainFields, writeModelPackage } from '../src/ml/index.ts';

await runStage(async (stage) => {
  const params = stage.params('train', trainFields);
  const { features, data, example } = stage.need(await readFeatureArtifact('artifacts/features'));

  const estimator = createEstimator(params);
  const classifier = stage.need(await estimator.fit(data));
  await writeModelPackage('artifacts/model', {
    name: params.name,
    features,
    classifier,
    hyperparameters: estimator.params,
    example,
    fingerprint: process.env['MLP_FINGERPRINT'] ?? null,
  });

  const facts = Object.entries(classifier.metrics).map(([name, value]) => `${name} ${Number(value.toFixed(4))}`);
  stage.say(`${estimator.algorithm} on ${data.x.rows} rows: ${facts.join(', ')}`);
});
