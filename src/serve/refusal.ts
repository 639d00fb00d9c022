import type { FastifyReply } from 'fastify';
import { failureHttp, failureMessage, failureNext, type Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';

/** Which protocol's shape an error takes: `plain` is ours. */
export type Dialect = 'plain' | 'inference' | 'mlflow';

/** Seconds after which a client that met 503 is asked to come back. */
const retryAfterSeconds = 1;

/** MLflow names its errors; these are its names for the statuses this server uses. */
const mlflowCodes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'ENDPOINT_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'REQUEST_LIMIT_EXCEEDED',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'TEMPORARILY_UNAVAILABLE',
};

/** Carries a failure through the framework, which passes only errors from a body parser to the error handler. */
export class Refusal extends Error {
  readonly failure: Failure;

  constructor(problem: Failure) {
    super(problem.reason);
    this.failure = problem;
  }
}

/** Answers with a failure's status and message in the protocol's shape. */
export function refuse(reply: FastifyReply, dialect: Dialect, problem: Failure): FastifyReply {
  const status = failureHttp(problem);
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  return reply.code(status).send(refusalBody(dialect, problem));
}

/** The client learns that it was a bug and nothing more: no message, no stack. */
export function refuseAsBug(reply: FastifyReply, dialect: Dialect): FastifyReply {
  const message = 'internal error; the server kept running and its log says more';
  return reply.code(500).send(dialect === 'mlflow' ? { error_code: 'INTERNAL_ERROR', message } : { error: message });
}

function refusalBody(dialect: Dialect, problem: Failure): JsonObject {
  const message = failureMessage(problem);
  const next = failureNext(problem);
  const full = next === undefined ? message : `${message}; ${next}`;
  switch (dialect) {
    case 'mlflow':
      return { error_code: mlflowCodes[failureHttp(problem)] ?? 'BAD_REQUEST', message: full };
    case 'inference':
      return { error: full };
    case 'plain':
      return { error: message, reason: problem.reason, ...(next === undefined ? {} : { next }) };
  }
}
