import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import { algorithms, estimatorField, trainField } from './estimators.ts';

const read = (train: JsonObject) => trainField(train);

describe('the group train of params.yaml', () => {
  it('chooses the algorithm, and gives it its own hyperparameters', () => {
    expect(read({ name: 'm', algorithm: 'logistic_regression', c: 3 })).toMatchObject({
      value: { name: 'm', unused: [], estimator: { algorithm: 'logistic_regression', params: { c: 3 } } },
    });
    expect(read({})).toMatchObject({ value: { name: 'model', estimator: { algorithm: 'linear_svm' } } });
  });

  it('bears what only another algorithm has, so that the algorithm can be changed alone', () => {
    expect(read({ algorithm: 'logistic_regression', loss: 'hinge' })).toMatchObject({ value: { unused: ['loss'] } });
  });

  it('refuses names that no algorithm has, and unknown algorithms, with the nearest name', () => {
    expect(read({ class_wieght: 'balanced' })).toMatchObject({ below: 'class_wieght', near: ['class_weight'] });
    expect(read({ algorithm: 'linear_svn' })).toMatchObject({ below: 'algorithm', near: ['linear_svm'] });
    expect(read({ algorithm: 7 })).toMatchObject({ below: 'algorithm' });
    expect(read({ c: -1 })).toMatchObject({ below: 'c' });
    expect(trainField(['c'])).toMatchObject({ problem: expect.stringContaining('group') as string });
  });

  it('knows the other names of a parameter, and tells what is wrong by the name that was given', () => {
    const train = { algorithm: 'boosted_trees', n_estimators: 7, eta: 0.3, reg_lambda: 2, subsample: 0.5 };
    expect(read(train)).toMatchObject({
      value: {
        unused: [],
        estimator: { params: { numIterations: 7, learningRate: 0.3, lambdaL2: 2, baggingFraction: 0.5 } },
      },
    });
    expect(read({ algorithm: 'boosted_trees', n_estimators: 0 })).toMatchObject({ below: 'n_estimators' });
    expect(read({ algorithm: 'boosted_trees', shrinkage_rat: 1 })).toMatchObject({ near: ['shrinkage_rate'] });
  });

  it('refuses two names of one parameter, and says both', () => {
    for (const twin of ['num_iterations', 'num_round']) {
      const outcome = read({ algorithm: 'boosted_trees', [twin]: 7, n_estimators: 8 });
      expect(outcome).toMatchObject({ below: 'n_estimators', problem: expect.stringContaining(twin) as string });
    }
  });

  it('an estimator within another one must use all that it is given', () => {
    expect(estimatorField({ algorithm: 'logistic_regression', c: 2 })).toMatchObject({ value: { params: { c: 2 } } });
    expect(estimatorField({ algorithm: 'logistic_regression', loss: 'hinge' })).toMatchObject({ below: 'loss' });
  });

  it.each(algorithms.map(({ name }) => name))('%s can be had without any hyperparameter', (name) => {
    expect(read({ algorithm: name })).toMatchObject({ value: { estimator: { algorithm: name } } });
  });
});
