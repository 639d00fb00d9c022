import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { algorithm } from '../algorithm.ts';
import type { ClassWeight } from '../class-weight.ts';
import type { FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { flag, oneOf, real } from '../fields.ts';
import { classWeightField } from '../hyperparameters.ts';
import { LinearClassifier } from '../linear/linear-classifier.ts';
import { fitDiscrete, presence } from './discrete.ts';
import type { ClassLines, DiscreteParams } from './discrete.ts';
import { fitGaussian, gaussianClassifier } from './gaussian.ts';
import { presenceClassifier } from './presence-classifier.ts';
import { weighRows } from '../weighted-rows.ts';

const name = 'naive_bayes';

interface NaiveBayesParams extends Omit<DiscreteParams, 'distribution'> {
  readonly distribution: DiscreteParams['distribution'] | 'gaussian';
  readonly varSmoothing: number;
  readonly classWeight: ClassWeight;
}

export const naiveBayesAlgorithm = algorithm(
  name,
  {
    distribution: oneOf(['multinomial', 'complement', 'bernoulli', 'gaussian'], 'multinomial'),
    alpha: real({ min: 1e-10, max: 1e10 }, 1),
    fit_prior: flag(true),
    norm: flag(false),
    var_smoothing: real({ above: 0, max: 1e10 }, 1e-9),
    class_weight: classWeightField,
  },
  (values) => {
    const params: NaiveBayesParams = {
      distribution: values.distribution,
      alpha: values.alpha,
      fitPrior: values.fit_prior,
      norm: values.norm,
      varSmoothing: values.var_smoothing,
      classWeight: values.class_weight,
    };
    return {
      algorithm: name,
      params: { ...params },
      fit: (data, control) => Promise.resolve(fit(params, data, control)),
    };
  },
);

function fit(params: NaiveBayesParams, data: TrainingSet, control: FitControl = {}): Result<FittedClassifier> {
  const rows = weighRows(params.classWeight, data);
  if (!rows.ok) return rows;
  const { distribution } = params;
  const isCounting = distribution === 'multinomial' || distribution === 'complement';
  if (isCounting && data.x.values.some((value) => value < 0)) {
    const problem = `${distribution} naive Bayes cannot take numbers below 0, gaussian can`;
    return err(failure('training-data-invalid', { problem }));
  }
  control.onProgress?.({ iteration: 1, total: 1, value: 0 });
  if (control.cancelled?.() === true) return err(failure('fit-cancelled', { algorithm: name }));
  if (distribution === 'gaussian') {
    const model = fitGaussian(data, rows.value, params.varSmoothing);
    return ok(gaussianClassifier({ algorithm: name, classes: data.classes, metrics: {} }, model));
  }
  const isPresence = distribution === 'bernoulli';
  const seen = isPresence ? { ...data, x: presence(data.x) } : data;
  const linear = asLinear(data, fitDiscrete({ ...params, distribution }, seen, rows.value));
  return ok(isPresence ? presenceClassifier(linear) : linear);
}

/**
 * The same probabilities by weights that sum to 0 over the classes of each column (a softmax does not change by what all its
 * scores share): so a weight above 0 speaks for the class, as the other linear models' do.
 */
function asLinear({ x, classes }: TrainingSet, { weights, intercepts }: ClassLines): LinearClassifier {
  const known = { algorithm: name, classes, columns: x.columns, sharpness: 1, metrics: {} };
  return new LinearClassifier({
    ...known,
    weights: shared(weights, classes.length),
    intercepts: shared(intercepts, classes.length),
  });
}

/** [n, classes] less the mean of each row; for two classes the second less the first. */
function shared(values: Float64Array, k: number): Float64Array {
  if (k === 2) {
    return Float64Array.from({ length: values.length / 2 }, (_, i) => (values[i * 2 + 1] ?? 0) - (values[i * 2] ?? 0));
  }
  const out = values.slice();
  for (let from = 0; from < out.length; from += k) {
    let sum = 0;
    for (let c = 0; c < k; c++) sum += out[from + c] ?? 0;
    for (let c = 0; c < k; c++) out[from + c] = (out[from + c] ?? 0) - sum / k;
  }
  return out;
}
