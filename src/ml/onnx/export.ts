import type { FittedClassifier } from '../estimator.ts';
import { LinearClassifier } from '../linear/linear-classifier.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { attribute, modelFile, node, tensor, value } from './graph.ts';
import type { Scoring } from './scoring.ts';
import { treeNodes } from './trees.ts';

/**
 * A classifier as an ONNX file: `features` (float64, rows x columns, in the order of the package's columns) in, `label` (string) and `probabilities` (float64,
 * rows x classes) out. How text becomes features is not in it. A text says why a classifier cannot be written so.
 */
export function onnxOf(classifier: FittedClassifier, name: string): Uint8Array | string {
  const scoring = scoringOf(classifier);
  if (typeof scoring === 'string') return scoring;
  const { classes, columns, algorithm } = classifier;
  const { nodes, constants, outputs, sharpness, absent } = scoring;
  // One score stands for the second of two classes; the first then scores 0.
  const spread = Float64Array.from({ length: outputs * classes.length }, (_, at) => {
    const [from, to] = [Math.floor(at / classes.length), at % classes.length];
    return to === from + classes.length - outputs ? sharpness : 0;
  });
  const axis = attribute.number('axis', 1);
  const graph = {
    name,
    nodes: [
      ...nodes,
      node({ op: 'MatMul', inputs: ['scores', 'spread'], output: 'logits' }),
      node({ op: 'Softmax', inputs: ['logits'], output: 'probabilities', attributes: [axis] }),
      node({
        op: 'ArgMax',
        inputs: ['probabilities'],
        output: 'best',
        attributes: [axis, attribute.number('keepdims', 0)],
      }),
      node({ op: 'Gather', inputs: ['classes', 'best'], output: 'label' }),
    ],
    constants: [
      ...constants,
      tensor('spread', [outputs, classes.length], spread),
      tensor('classes', [classes.length], classes),
    ],
    inputs: [value('features', 'double', columns)],
    outputs: [value('label', 'string'), value('probabilities', 'double', classes.length)],
  };
  return modelFile(graph, {
    doc: `Classifier of the model package ${name}, from its columns to label and probabilities. Columns without an entry hold ${absent}.`,
    properties: { algorithm, classes: JSON.stringify(classes), absent },
  });
}

function scoringOf(classifier: FittedClassifier): Scoring | string {
  if (classifier instanceof TreeClassifier) return treeNodes(classifier.trees);
  if (!(classifier instanceof LinearClassifier)) {
    return `${classifier.algorithm} is neither a linear model nor an ensemble of trees`;
  }
  const { weights, intercepts, sharpness, columns, link } = classifier.model;
  const outputs = intercepts.length;
  const parted = link === 'one_vs_rest';
  return {
    nodes: [
      node({ op: 'MatMul', inputs: ['features', 'weights'], output: 'products' }),
      node({ op: 'Add', inputs: ['products', 'intercepts'], output: parted ? 'odds' : 'scores' }),
      ...(parted ? logChances('odds', 'scores') : []),
    ],
    constants: [tensor('weights', [columns, outputs], weights), tensor('intercepts', [outputs], intercepts)],
    outputs,
    sharpness,
    absent: '0',
  };
}

/** log(1 / (1 + e^-x)), whose softmax is the chances scaled to sum to 1. */
const logChances = (from: string, to: string): Uint8Array[] => [
  node({ op: 'Sigmoid', inputs: [from], output: `${from}_chances` }),
  node({ op: 'Log', inputs: [`${from}_chances`], output: to }),
];
