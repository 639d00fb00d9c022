import type { Failure } from '../core/failure.ts';
import { err, type Result } from '../core/result.ts';
import type { Workspace } from '../core/workspace.ts';
import { readText } from './read-text.ts';
import type { PipelineConfig } from './types.ts';

/** Reads and parses the workspace's pipeline file. The YAML parser is loaded here, so that importing this module stays cheap. */
export async function loadConfig(workspace: Workspace): Promise<Result<PipelineConfig, readonly Failure[]>> {
  const text = readText(workspace.root, workspace.pipelineFile);
  if (!text.ok) return err([text.error]);
  const { parsePipeline } = await import('./parse-pipeline.ts');
  return parsePipeline(text.value, workspace.pipelineFile);
}
