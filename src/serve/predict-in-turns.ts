import type { FastifyReply } from 'fastify';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ModelPackage, Prediction } from '../ml/package/types.ts';

/** About ten milliseconds of work for a linear model over word and character n-grams. */
const charactersInATurn = 4_096;

/**
 * Predicts in slices and lets other requests have their turn in between, so that one of a thousand texts does not hold up a thousand of
 * one text, nor the health check. A small request is answered at once. What is left is not done when the client is gone.
 */
export function predictInTurns(
  model: ModelPackage,
  texts: readonly string[],
  reply: FastifyReply,
): Prediction[] | Promise<Prediction[]> {
  const end = endOfTurn(texts, 0);
  return end === texts.length ? model.predict(texts) : inTurns(model, texts, reply);
}

async function inTurns(model: ModelPackage, texts: readonly string[], reply: FastifyReply): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (let start = 0; start < texts.length && !reply.raw.destroyed;) {
    const end = endOfTurn(texts, start);
    for (const prediction of model.predict(texts.slice(start, end))) predictions.push(prediction);
    start = end;
    await nextTurn();
  }
  return predictions;
}

/** One text at least. */
function endOfTurn(texts: readonly string[], start: number): number {
  let end = start;
  let characters = 0;
  while (end < texts.length && (end === start || characters + (texts[end]?.length ?? 0) <= charactersInATurn)) {
    characters += texts[end]?.length ?? 0;
    end++;
  }
  return end;
}
