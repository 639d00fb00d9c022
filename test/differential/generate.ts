import type { Random } from './random.ts';
import { isGroup, type ModelProject, type ModelStage } from './project.ts';

/** A project of two to six stages, some in a chain, some apart; every choice comes from the seed. */
export function generateProject(random: Random): ModelProject {
  const sources: Record<string, string> = { 'work/.keep': '' };
  for (let i = 0; i < 3; i++) sources[`src/s${i}.txt`] = `source ${i}\n`;
  for (let i = 0; i < 3; i++) sources[`set/f${i}.txt`] = `member ${i}\n`;
  sources['set/inner/g.txt'] = 'inner\n';
  const project: ModelProject = {
    sources,
    params: { lr: 1, depth: 2, width: 3, seed: 4 },
    stages: [],
    comment: 'first',
  };
  const count = 2 + random.below(5);
  for (let i = 0; i < count; i++) project.stages.push(newStage(project, `st${i}`, random));
  if (random.chance(0.5)) project.stages.push(newGroup(project, 'each', random));
  return project;
}

/** A stage that reads sources and outs of stages that are there. */
export function newStage(project: ModelProject, name: string, random: Random): ModelStage {
  const deps = random.some(readable(project), random.below(10) === 0 ? 0 : 1 + random.below(2));
  const directory = random.chance(0.3);
  const params = random.some(Object.keys(project.params), random.below(3));
  return {
    name,
    deps,
    reads: [...deps],
    params,
    out: directory ? `out/${name}` : `out/${name}.txt`,
    outKind: directory ? 'directory' : 'file',
    outField: 'outs',
    cached: random.chance(0.9),
    wdir: random.chance(0.15) ? 'work' : '.',
    salt: random.below(100),
    ...(random.chance(0.25) ? { inCommand: random.one(Object.keys(project.params)) } : {}),
    persist: random.chance(0.05),
    alwaysChanged: random.chance(0.05),
    frozen: false,
    fails: false,
  };
}

function newGroup(project: ModelProject, name: string, random: Random): ModelStage {
  const base = newStage(project, name, random);
  const matrix = random.chance(0.4);
  const own = matrix ? 'src/s${item.of}.txt' : 'src/s${item}.txt';
  return {
    ...base,
    deps: [own, ...base.deps],
    reads: [own, ...base.deps],
    out: `out/${name}_\${${matrix ? 'key' : 'item'}}`,
    wdir: '.',
    ...(matrix ? { matrix: { of: ['0', '1'], kind: ['big', 'small'] } } : { items: ['0', '1'] }),
  };
}

/** What a further stage may depend on: sources, folders of them, outs, and files within directory outs. */
export function readable(project: ModelProject): string[] {
  const sources = Object.keys(project.sources).filter((path) => path.startsWith('src/'));
  const outs = project.stages.flatMap((stage) => {
    if (isGroup(stage)) return [];
    return stage.outKind === 'file' ? [stage.out] : [stage.out, `${stage.out}/deep`, `${stage.out}/all`];
  });
  // What was made last stands here twice, so that chains get long.
  return [...sources, 'set', 'set/inner', ...outs, ...outs.slice(-2)];
}
