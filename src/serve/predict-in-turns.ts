import type { FastifyReply } from 'fastify';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ModelInput } from '../ml/columns/column.ts';
import type { ModelPackage, Prediction } from '../ml/package/types.ts';

/** About ten milliseconds of work for a linear model over word and character n-grams. */
const charactersInATurn = 4_096;

/**
 * Predicts in slices and lets other requests have their turn in between, so that one of a thousand texts does not hold up a thousand of
 * one text, nor the health check. A small request is answered at once. What is left is not done when the client is gone.
 */
export function predictInTurns(
  model: ModelPackage,
  inputs: readonly ModelInput[],
  reply: FastifyReply,
): Prediction[] | Promise<Prediction[]> {
  const end = endOfTurn(inputs, 0);
  return end === inputs.length ? model.predict(inputs) : inTurns(model, inputs, reply);
}

async function inTurns(model: ModelPackage, inputs: readonly ModelInput[], reply: FastifyReply): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (let start = 0; start < inputs.length && !reply.raw.destroyed;) {
    const end = endOfTurn(inputs, start);
    for (const prediction of model.predict(inputs.slice(start, end))) predictions.push(prediction);
    start = end;
    await nextTurn();
  }
  return predictions;
}

/** One text at least. */
function endOfTurn(inputs: readonly ModelInput[], start: number): number {
  let end = start;
  let characters = 0;
  while (end < inputs.length && (end === start || characters + lengthOf(inputs[end]) <= charactersInATurn)) {
    characters += lengthOf(inputs[end]);
    end++;
  }
  return end;
}

const lengthOf = (input: ModelInput = ''): number => (typeof input === 'string' ? input : input.text).length;
