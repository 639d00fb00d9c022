import type { FittedClassifier } from '../estimator.ts';
import type { FittedFeatures } from '../features/pipeline.ts';
import type { ExampleCheck, ModelInfo, ModelPackage, Prediction } from './types.ts';

/** Probabilities of one machine differ from another's in the last digits of `exp` alone. */
const sameProbability = 1e-9;

/** Features and classifier together: a package in memory. */
export class TrainedModel implements ModelPackage {
  readonly info: ModelInfo;
  readonly features: FittedFeatures;
  readonly classifier: FittedClassifier;
  readonly #example: { readonly text: string; readonly prediction: Prediction };

  constructor(
    info: ModelInfo,
    halves: { readonly features: FittedFeatures; readonly classifier: FittedClassifier },
    example: { readonly text: string; readonly prediction: Prediction },
  ) {
    this.info = info;
    this.features = halves.features;
    this.classifier = halves.classifier;
    this.#example = example;
  }

  predict(texts: readonly string[]): Prediction[] {
    return predictTexts(this.features, this.classifier, texts);
  }

  reproduceExample(): ExampleCheck {
    const { text, prediction: expected } = this.#example;
    const [got = { label: '', probabilities: [] }] = this.predict([text]);
    const near = expected.probabilities.every(
      (probability, c) => Math.abs(probability - (got.probabilities[c] ?? NaN)) <= sameProbability,
    );
    return { same: near && got.label === expected.label, expected, got, text };
  }
}

/** One prediction a raw text. */
export function predictTexts(
  features: FittedFeatures,
  classifier: FittedClassifier,
  texts: readonly string[],
): Prediction[] {
  const { classes } = classifier;
  const probabilities = classifier.probabilities(features.transform(texts));
  return texts.map((_, row) => {
    const own = Array.from(probabilities.subarray(row * classes.length, (row + 1) * classes.length));
    let best = 0;
    for (let c = 1; c < own.length; c++) if ((own[c] ?? 0) > (own[best] ?? 0)) best = c;
    return { label: classes[best] ?? '', probabilities: own };
  });
}
