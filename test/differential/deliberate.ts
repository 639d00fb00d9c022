import type { ModelStage } from './project.ts';
import type { Step } from './run-case.ts';

/** A way in which mlp goes its own way on purpose. Each has its row, with this name, in the table of docs/dvc.md. */
export interface Difference {
  readonly name: string;
}

/** A stage whose command ran in one of the two only. */
interface OtherRun extends Difference {
  explains(found: { readonly stage: string; readonly ranIn: 'dvc' | 'mlp'; readonly step: Step }): boolean;
}

/** One of the two ended with an error. */
interface OtherEnd extends Difference {
  explains(step: Step): boolean;
}

export const otherRuns: readonly OtherRun[] = [
  {
    name: 'dep or param taken away',
    // DVC does not run it then, so that it does not know the result later either.
    explains: ({ stage, ranIn, step }) =>
      ranIn === 'mlp'
        ? step.edit.name === 'take a dep away' && step.edit.on === stage
        : step.history.some((edit) => edit.name === 'take a dep away' && edit.on === stage),
  },
  {
    name: 'lost out of a stage without deps',
    explains: ({ stage, ranIn, step }) => ranIn === 'dvc' && hasNoInputs(modelOf(stage, step)),
  },
  {
    name: 'lost persist out',
    explains: ({ stage, ranIn, step }) =>
      ranIn === 'dvc' && modelOf(stage, step)?.persist === true && /^(delete|edit) an? /.test(step.edit.name),
  },
  {
    name: 'uncached out that stands',
    explains: ({ stage, ranIn, step }) => ranIn === 'dvc' && modelOf(stage, step)?.cached === false,
  },
];

export const otherEnds: readonly OtherEnd[] = [
  {
    name: 'lost out of a frozen stage',
    explains: ({ dvc, mlp, project }) =>
      !dvc.good && mlp.good && dvc.said.includes('missing data') && project.stages.some(({ frozen }) => frozen),
  },
];

const hasNoInputs = (stage: ModelStage | undefined): boolean => stage?.deps.length === 0 && stage.params.length === 0;

/** The stage or the group that an instance belongs to. */
const modelOf = (name: string, { project }: Step): ModelStage | undefined =>
  project.stages.find((stage) => stage.name === name.split('@')[0]);
