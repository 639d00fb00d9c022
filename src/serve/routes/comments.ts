import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failure } from '../../core/failure.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Prediction } from '../../ml/package/types.ts';
import type { LiveModel } from '../live-models.ts';
import { predictInTurns } from '../predict-in-turns.ts';
import { addRoute, modelOf, type Served } from '../served-request.ts';
import { checkTexts, kindOf } from '../texts.ts';

interface CommentAnswer {
  readonly comment: string;
  readonly sentiment: string;
  readonly timestamp?: JsonValue;
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** The routes that comment extensions call: a list of comments in, the same list with sentiments out. */
export function addCommentRoutes(app: FastifyInstance, served: Served): void {
  addRoute(app, {
    method: 'POST',
    path: '/predict',
    dialect: 'plain',
    answer: (request, reply) => predict(request, reply, served),
  });
  addRoute(app, {
    method: 'POST',
    path: '/predict_with_timestamps',
    dialect: 'plain',
    answer: (request, reply) => predictWithTimestamps(request, reply, served),
  });
}

async function predict(
  request: FastifyRequest,
  reply: FastifyReply,
  served: Served,
): Promise<Result<readonly CommentAnswer[]>> {
  const asked = commentsOf(request);
  if (!asked.ok) return asked;
  const texts = checkTexts(asked.value.comments, served.limits, (i) => `comments[${i}]`);
  if (!texts.ok) return texts;
  const live = modelOf(request, reply);
  if (!live.ok) return live;
  const predictions = await predictInTurns(live.value.model, texts.value, reply);
  return ok(
    predictions.map((prediction, i) => ({
      comment: texts.value[i] ?? '',
      sentiment: prediction.label,
      ...probabilitiesOf(live.value, prediction, asked.value.probabilities),
    })),
  );
}

async function predictWithTimestamps(
  request: FastifyRequest,
  reply: FastifyReply,
  served: Served,
): Promise<Result<readonly CommentAnswer[]>> {
  const asked = commentsOf(request);
  if (!asked.ok) return asked;
  const split = splitTimestamped(asked.value.comments);
  if (!split.ok) return split;
  const texts = checkTexts(split.value.texts, served.limits, (i) => `comments[${i}].text`);
  if (!texts.ok) return texts;
  const live = modelOf(request, reply);
  if (!live.ok) return live;
  const predictions = await predictInTurns(live.value.model, texts.value, reply);
  return ok(
    predictions.map((prediction, i) => ({
      comment: texts.value[i] ?? '',
      sentiment: sentimentCode(prediction.label),
      timestamp: split.value.timestamps[i] ?? null,
      ...probabilitiesOf(live.value, prediction, asked.value.probabilities),
    })),
  );
}

/** The extensions draw `"1"`, `"0"` and `"-1"`; a label that is none of the three sentiments stays what it is. */
function sentimentCode(label: string): string {
  const codes: Readonly<Record<string, string>> = { positive: '1', neutral: '0', negative: '-1' };
  return Object.hasOwn(codes, label.toLowerCase()) ? (codes[label.toLowerCase()] ?? label) : label;
}

function probabilitiesOf(
  live: LiveModel,
  prediction: Prediction,
  wanted: boolean,
): Pick<CommentAnswer, 'probabilities'> {
  if (!wanted) return {};
  const classes = live.model.info.classes;
  return { probabilities: Object.fromEntries(classes.map((name, k) => [name, prediction.probabilities[k] ?? 0])) };
}

interface Asked {
  readonly comments: readonly JsonValue[];
  readonly probabilities: boolean;
}

function commentsOf(request: FastifyRequest): Result<Asked> {
  const query = (request.query as Readonly<Record<string, unknown>>)['probabilities'];
  if (query !== undefined && query !== 'true' && query !== 'false') {
    return err(failure('bad-request', { problem: 'the query parameter "probabilities" is neither true nor false' }));
  }
  const body = request.body as JsonValue | undefined;
  const next = 'send {"comments": ["first comment", "second comment"]}';
  if (!isJsonObject(body)) {
    const problem = body === undefined ? 'the body is missing' : `the body is ${kindOf(body)}, not an object`;
    return err(failure('bad-request', { problem, next }));
  }
  const comments = Object.hasOwn(body, 'comments') ? body['comments'] : undefined;
  if (Array.isArray(comments))
    return ok({ comments: comments as readonly JsonValue[], probabilities: query === 'true' });
  if (comments !== undefined) {
    return err(failure('bad-request', { problem: `"comments" is ${kindOf(comments)}, not a list`, next }));
  }
  return err(failure('bad-request', { problem: '"comments" is missing', next }));
}

function splitTimestamped(
  comments: readonly JsonValue[],
): Result<{ readonly texts: readonly JsonValue[]; readonly timestamps: readonly JsonValue[] }> {
  const texts: JsonValue[] = [];
  const timestamps: JsonValue[] = [];
  const next = 'each is {"text": "a comment", "timestamp": "2026-01-31T12:00:00Z"}';
  for (const [i, item] of comments.entries()) {
    if (!isJsonObject(item)) {
      return err(failure('bad-request', { problem: `comments[${i}] is ${kindOf(item)}, not an object`, next }));
    }
    const { text, timestamp } = item;
    if (text === undefined) return err(failure('bad-request', { problem: `comments[${i}].text is missing`, next }));
    if (typeof timestamp !== 'string' && typeof timestamp !== 'number') {
      const problem = `comments[${i}].timestamp is ${kindOf(timestamp)}${timestamp === undefined ? '' : ', not a string or a number'}`;
      return err(failure('bad-request', { problem, next }));
    }
    texts.push(text);
    timestamps.push(timestamp);
  }
  return ok({ texts, timestamps });
}
