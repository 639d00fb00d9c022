import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../config/read-text.ts';
import { findRecords } from '../../fs/records/find-records.ts';
import { buildGraph } from '../../graph/build-graph.ts';
import { readTracked } from '../../pipeline/data/tracked-data.ts';
import { readPipeline } from '../../pipeline/load-pipeline.ts';
import { lockFileFor } from '../../pipeline/open-project.ts';
import { parseLock } from '../../record/lock-file.ts';
import { countOf } from '../../report/format.ts';
import { findingOf, type Finding, type Site } from './finding.ts';

const area = 'project';

/** The files of the project that mlp reads before it does anything. */
export async function checkProject(site: Site): Promise<Finding[]> {
  return [...(await pipelineFindings(site)), ...(await lockFindings(site))];
}

/** Of each pipeline file, where there are several: what is wrong is found under the file that it stands in. */
async function pipelineFindings({ workspace }: Site): Promise<Finding[]> {
  const called = workspace.pipelineFile;
  const config = await readPipeline(workspace);
  const graph = config.ok ? buildGraph(config.value) : config;
  if (!config.ok || !graph.ok) {
    const problems = graph.ok ? [] : graph.error;
    return problems.map((problem) => findingOf(area, problem.at?.file ?? called, problem));
  }
  const { stages } = graph.value;
  const files = config.value.files ?? [called];
  const sound = files.map((file): Finding => {
    const own = stages.filter(({ at }) => at.file === file).length;
    return { area, subject: file, verdict: 'ok', text: countOf(own, 'stage') };
  });
  const outs = new Set(stages.flatMap((stage) => stage.outs.map(({ path }) => path)));
  return [...sound, ...(await recordFindings(workspace.root, outs))];
}

/** The records of tracked data, in all folders. Whether the data is there is for `mlp status` to say: it may be fetched when it is needed. */
async function recordFindings(root: string, outs: ReadonlySet<string>): Promise<Finding[]> {
  const { records } = findRecords(root, outs);
  const broken: Finding[] = [];
  for (const record of records) {
    const read = await readTracked(root, record);
    if (!read.ok) broken.push(findingOf(area, record, read.error));
  }
  const sound = records.length - broken.length;
  const text = `${countOf(sound, 'record')} of tracked data`;
  return [...broken, ...(sound === 0 ? [] : [{ area, subject: 'data', verdict: 'ok', text } as const])];
}

async function lockFindings({ workspace }: Site): Promise<Finding[]> {
  const subject = lockFileFor(workspace.pipelineFile);
  if (!existsSync(join(workspace.root, subject))) return [];
  const text = readText(workspace.root, subject);
  const evidence = text.ok ? await parseLock(text.value, subject) : text;
  if (!evidence.ok) return [findingOf(area, subject, evidence.error)];
  return [{ area, subject, verdict: 'ok', text: `results of ${countOf(evidence.value.size, 'stage')}` }];
}
