import { posix } from 'node:path';
import { readText } from '../config/read-text.ts';
import type { PipelineConfig } from '../config/types.ts';
import type { Failure } from '../core/failure.ts';
import { sameJson } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Workspace } from '../core/workspace.ts';
import { findPipelines } from '../fs/find-pipelines.ts';
import { isFoundByName } from '../fs/find-workspace.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { StateDb } from '../fs/state-db.ts';
import { IgnoreRules } from '../fs/ignore/ignore-rules.ts';
import type { ParseMemo } from './memo.ts';
import { mergePipelines, prefixOf, type Part } from './merge-pipelines.ts';

interface PipelineFiles {
  readonly workspace: Workspace;
  /** Texts to take in place of what files hold, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * All pipeline files of the workspace as one pipeline; a file that is not found by its name stands alone. Those below are found anew each
 * time, which costs one look at each folder.
 */
export async function loadPipelines(
  files: PipelineFiles,
  memo: ParseMemo,
  find: () => readonly string[],
): Promise<Result<PipelineConfig, readonly Failure[]>> {
  return loadAll(files.workspace, find, (workspace) => loadPipeline({ ...files, workspace }, memo));
}

async function loadAll(
  workspace: Workspace,
  find: () => readonly string[],
  load: (one: Workspace) => Promise<Result<PipelineConfig, readonly Failure[]>>,
): Promise<Result<PipelineConfig, readonly Failure[]>> {
  const called = workspace.pipelineFile;
  const others = isFoundByName(called) ? find().filter((file) => posix.dirname(file) !== posix.dirname(called)) : [];
  if (others.length === 0 && prefixOf(called) === '') return load(workspace);
  const parts: Part[] = [];
  for (const file of byDepth([called, ...others])) {
    parts.push({ file, read: await load({ ...workspace, pipelineFile: file }) });
  }
  return mergePipelines(called, parts);
}

const byDepth = (files: readonly string[]): string[] => {
  const depth = (file: string): number => file.split('/').length;
  return [...files].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
};

/**
 * The pipeline file as plain data. It depends on its own text and on the files that its templates take values from, so both are
 * remembered: which files those were for this text, and what came out for these texts of them.
 */
async function loadPipeline(
  files: PipelineFiles,
  memo: ParseMemo,
): Promise<Result<PipelineConfig, readonly Failure[]>> {
  const { root, pipelineFile: file } = files.workspace;
  const text = readText(root, file);
  if (!text.ok) return err([text.error]);
  const parse = once(async () => parseWith(files, text.value));
  const known = await memo.parsed(`sources of ${file}`, text.value, async () => {
    const parsed = await parse();
    return parsed.ok ? ok(parsed.value.sources ?? []) : parsed;
  });
  if (!known.ok) return known;
  const config = await memo.parsed(`pipeline ${file}`, stateOf(files, text.value, known.value), parse);
  const sources = config.ok ? (config.value.sources ?? []) : known.value;
  if (sameJson(sources, known.value)) return config;
  // Which files the templates read may itself depend on values.
  memo.remember(`sources of ${file}`, text.value, sources);
  return memo.parsed(`pipeline ${file}`, stateOf(files, text.value, sources), parse);
}

/** One text for everything that the parsed pipeline depends on. */
function stateOf(files: PipelineFiles, text: string, sources: readonly string[]): string {
  const states = sources.map((path) => {
    const content = textOf(files, path);
    return `${path} ${content === undefined ? 'missing' : hashBytes(content)}`;
  });
  return [text, ...states].join('\n');
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}

/** As `loadPipelines`, for commands that open nothing else of the project. `texts` are taken in place of what files hold. */
export async function readPipeline(
  called: Workspace,
  texts: ReadonlyMap<string, string> = new Map<string, string>(),
): Promise<Result<PipelineConfig, readonly Failure[]>> {
  const find = (): readonly string[] => pipelinesOf(called.root, new IgnoreRules(called.root));
  return loadAll(called, find, async (workspace) => {
    const given = texts.get(workspace.pipelineFile);
    const text = given === undefined ? readText(workspace.root, workspace.pipelineFile) : ok(given);
    return text.ok ? parseWith({ workspace, texts }, text.value) : err([text.error]);
  });
}

/** Pipeline files that no ignore rule leaves out. */
export const pipelinesOf = (root: string, rules: IgnoreRules, state?: StateDb): string[] =>
  findPipelines(root, state).filter((file) => rules.ruleAgainst(file) === undefined);

/** The YAML parser is read here, when nothing is remembered. */
async function parseWith(files: PipelineFiles, text: string): Promise<Result<PipelineConfig, readonly Failure[]>> {
  const { parsePipeline } = await import('../config/parse-pipeline.ts');
  return parsePipeline(text, files.workspace.pipelineFile, (path) => textOf(files, path));
}

/** Undefined for a file that is not there or cannot be read: the template that needs it then says so. */
function textOf({ workspace, texts }: PipelineFiles, path: string): string | undefined {
  const given = texts.get(path);
  if (given !== undefined) return given;
  const text = readText(workspace.root, path);
  return text.ok ? text.value : undefined;
}
