import { splitRows } from '../columns/column.ts';
import type { ModelInput } from '../columns/column.ts';
import type { FittedClassifier } from '../estimator.ts';
import type { FittedFeatures } from '../features/pipeline.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { ExampleCheck, ModelInfo, ModelPackage, Prediction } from './types.ts';

/** Probabilities of one machine differ from another's in the last digits of `exp` alone. */
const sameProbability = 1e-9;

/** What a package shows: an input, and what the model says of it. */
export interface Example {
  readonly input: ModelInput;
  readonly prediction: Prediction;
}

/** Features and classifier together: a package in memory. */
export class TrainedModel implements ModelPackage {
  readonly info: ModelInfo;
  readonly features: FittedFeatures;
  readonly classifier: FittedClassifier;
  readonly #example: Example;

  constructor(
    info: ModelInfo,
    halves: { readonly features: FittedFeatures; readonly classifier: FittedClassifier },
    example: Example,
  ) {
    this.info = info;
    this.features = halves.features;
    this.classifier = halves.classifier;
    this.#example = example;
  }

  predict(inputs: readonly ModelInput[]): Prediction[] {
    return predictRows(this.features, this.classifier, inputs);
  }

  reproduceExample(): ExampleCheck {
    const { input, prediction: expected } = this.#example;
    const [got = { label: '', probabilities: [] }] = this.predict([input]);
    const near = expected.probabilities.every(
      (probability, c) => Math.abs(probability - (got.probabilities[c] ?? NaN)) <= sameProbability,
    );
    const text = typeof input === 'string' ? input : input.text;
    return { same: near && got.label === expected.label, expected, got, text, input };
  }
}

/** One prediction a raw text or row. */
export function predictRows(
  features: FittedFeatures,
  classifier: FittedClassifier,
  rows: readonly ModelInput[],
): Prediction[] {
  const { texts, columns } = splitRows(rows, features.inputs);
  return predictMatrix(classifier, features.transform(texts, columns));
}

/** One prediction a row of features. */
export function predictMatrix(classifier: FittedClassifier, x: CsrMatrix): Prediction[] {
  const { classes } = classifier;
  const probabilities = classifier.probabilities(x);
  return Array.from({ length: x.rows }, (_, row) => {
    const own = Array.from(probabilities.subarray(row * classes.length, (row + 1) * classes.length));
    let best = 0;
    for (let c = 1; c < own.length; c++) if ((own[c] ?? 0) > (own[best] ?? 0)) best = c;
    return { label: classes[best] ?? '', probabilities: own };
  });
}
