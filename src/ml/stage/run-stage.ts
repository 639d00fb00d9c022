import { readFile } from 'node:fs/promises';
import { failure, failureMessage, failureNext } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { readField, readFields } from '../fields.ts';
import type { Field, Fields, ValuesOf } from '../fields.ts';
import { systemProblem } from '../io/files.ts';

const paramsFile = 'params.yaml';

/** What a stage script works with. */
export interface Stage {
  /** The parameters of one group of params.yaml. A wrong or unknown one ends the stage. */
  params<F extends Fields>(group: string, fields: F): ValuesOf<F>;
  /** As `params`, for a group whose form is a field of its own. */
  param<T>(name: string, field: Field<T>): T;
  /** The value of a result; a failure ends the stage with its message. */
  need<T>(result: Result<T>): T;
  /** One line for whoever watches. */
  say(line: string): void;
  /** As `say`, on stderr: how far a long work is. */
  tell(line: string): void;
}

/** Carries a failure from the middle of a script to its end; it never leaves `runStage`. */
class StageEnd extends Error {
  readonly failure: Failure;

  constructor(problem: Failure) {
    super(problem.reason);
    this.failure = problem;
  }
}

/**
 * Runs the body of a stage script. Expected failures print one line and the next step to stderr and set exit code 1; bugs keep their
 * stack trace. Parameters come from MLP_PARAMS_JSON or, where they are too long for it, from the file in MLP_PARAMS_FILE, as the engine sets them; else
 * from params.yaml in the current folder.
 */
export async function runStage(body: (stage: Stage) => Promise<void>): Promise<void> {
  try {
    const params = await readParams();
    await body({
      params: (group, fields) => need(readFields(params, group, fields)),
      param: (name, field) => need(readField(params, name, field)),
      need,
      say: (line) => process.stdout.write(`${line}\n`),
      tell: (line) => process.stderr.write(`${line}\n`),
    });
  } catch (error) {
    const problem = error instanceof StageEnd ? error.failure : fileProblem(error);
    if (problem === undefined) throw error;
    const next = failureNext(problem);
    process.stderr.write(`error: ${failureMessage(problem)}\n${next === undefined ? '' : `  next: ${next}\n`}`);
    process.exitCode = 1;
  }
}

function need<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new StageEnd(result.error);
}

/** A full disk or a folder that may not be written is no bug. */
function fileProblem(error: unknown): Failure | undefined {
  const { path, syscall } = error as NodeJS.ErrnoException;
  if (path === undefined || syscall === undefined) return undefined;
  return failure('table-unreadable', { file: path, problem: `${syscall}: ${systemProblem(error)}` });
}

async function readParams(): Promise<JsonObject> {
  const given = await givenParams();
  const value = given === undefined ? await readParamsFile() : parseJson(given);
  if (isJsonObject(value)) return value;
  const param = given === undefined ? paramsFile : 'MLP_PARAMS_JSON';
  throw new StageEnd(failure('learning-param', { param, problem: 'holds no groups of parameters', near: [] }));
}

async function givenParams(): Promise<string | undefined> {
  const { MLP_PARAMS_JSON: text, MLP_PARAMS_FILE: file } = process.env;
  return text ?? (file === undefined ? undefined : readFile(file, 'utf8'));
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

async function readParamsFile(): Promise<JsonValue | undefined> {
  let text: string;
  try {
    text = await readFile(paramsFile, 'utf8');
  } catch (error) {
    throw new StageEnd(failure('table-unreadable', { file: paramsFile, problem: systemProblem(error) }));
  }
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const [line = problem.message] = problem.message.split('\n');
    throw new StageEnd(failure('table-unreadable', { file: paramsFile, problem: line }));
  }
  return document.toJS() as JsonValue;
}
