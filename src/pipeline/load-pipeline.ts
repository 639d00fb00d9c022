import { readText } from '../config/read-text.ts';
import type { PipelineConfig } from '../config/types.ts';
import type { Failure } from '../core/failure.ts';
import { sameJson } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Workspace } from '../core/workspace.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { ParseMemo } from './memo.ts';

interface PipelineFiles {
  readonly workspace: Workspace;
  /** Texts to take in place of what files hold, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * The pipeline file as plain data. It depends on its own text and on the files that its templates take values from, so both are
 * remembered: which files those were for this text, and what came out for these texts of them.
 */
export async function loadPipeline(
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

/** As `loadPipeline`, for commands that open nothing else of the project. */
export async function readPipeline(workspace: Workspace): Promise<Result<PipelineConfig, readonly Failure[]>> {
  const text = readText(workspace.root, workspace.pipelineFile);
  return text.ok ? parseWith({ workspace, texts: new Map() }, text.value) : err([text.error]);
}

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
