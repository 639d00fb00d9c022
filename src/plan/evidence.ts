import type { Artifact } from '../core/artifact.ts';
import type { StageView } from './plan-stage.ts';
import type { StageEvidence } from './types.ts';

const byPath = (a: Artifact, b: Artifact): number => (a.path < b.path ? -1 : 1);

/** What is recorded of a stage that has made `outs` from the inputs of the view. */
export function evidenceOf(view: StageView, outs: readonly Artifact[]): StageEvidence {
  const deps = [...view.inputs.deps.values()].flatMap((dep) => (dep.state === 'present' ? [dep.artifact] : []));
  const { params, env } = view.inputs;
  return {
    cmd: view.stage.cmd,
    ...(view.stage.wdir === '.' ? {} : { wdir: view.stage.wdir }),
    deps: deps.sort(byPath),
    params,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    outs: [...outs].sort(byPath),
  };
}
