import type { JsonObject } from '../../core/json.ts';
import type { ColumnInput, ModelInput } from '../columns/column.ts';
import type { TrainingProfile } from '../features/profile.ts';

/** What a model says of one text. */
export interface Prediction {
  /** The most probable class. */
  readonly label: string;
  /** One a class, in the order of `ModelInfo.classes`; they sum to 1. */
  readonly probabilities: readonly number[];
}

/** The stored example asked again: what a gate and a health check look at. */
export interface ExampleCheck {
  readonly same: boolean;
  readonly expected: Prediction;
  readonly got: Prediction;
  readonly text: string;
  /** The text with the other columns of its row, where the model takes any. */
  readonly input: ModelInput;
}

/** What goes in and what comes out, for servers that describe themselves. */
export interface ModelSignature {
  readonly input: { readonly name: 'text'; readonly type: 'string' };
  /** Further inputs, of which any may be missing; not there for models of text alone. */
  readonly columns?: readonly SignatureColumn[];
  readonly outputs: readonly [
    { readonly name: 'label'; readonly type: 'string' },
    { readonly name: 'probabilities'; readonly type: 'number[]'; readonly length: number },
  ];
}

/** A column of a table beside the text. */
interface SignatureColumn extends ColumnInput {
  readonly required: boolean;
}

/** The descriptive part of model.json: plain JSON. */
export interface ModelInfo {
  readonly formatVersion: number;
  readonly name: string;
  readonly algorithm: string;
  /** Label names, in the order of every list of probabilities. */
  readonly classes: readonly string[];
  /** The program that wrote the package. */
  readonly createdBy: string;
  /** Fingerprint of the stage that made it; null when it was trained outside of a pipeline. */
  readonly fingerprint: string | null;
  readonly signature: ModelSignature;
  /** How raw text becomes columns, as it was configured. */
  readonly features: JsonObject;
  /** Hyperparameters of the estimator, as they were configured. */
  readonly hyperparameters: JsonObject;
  /** Known when the model was trained: rows, columns, and accuracy on held-out folds where those were made. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What the texts were like that it learned from; null where that is not known. */
  readonly profile: TrainingProfile | null;
}

/** A loaded model: raw text (and other columns of its row) in, labels and probabilities out. Holds no file and runs no code of the package's. */
export interface ModelPackage {
  readonly info: ModelInfo;
  /**
   * One prediction a text or row, in order. Any text is accepted, an empty one too. Columns that the model does not take are passed over; one that it takes
   * counts as missing where it is not there, or is no number and should be.
   */
  predict(inputs: readonly ModelInput[]): Prediction[];
  /** Predicts the stored example again. `same`: equal label, and probabilities within 1e-9. */
  reproduceExample(): ExampleCheck;
}
