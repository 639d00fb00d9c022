import { newStage, readable } from './generate.ts';
import { isGroup, type ModelProject, type ModelStage } from './project.ts';
import type { Random } from './random.ts';

/** What happens to files in the two folders, beside what the changed model says. Paths that are not there are left alone. */
export type FileChange =
  | { readonly kind: 'touch' | 'remove'; readonly path: string }
  | { readonly kind: 'append'; readonly path: string; readonly text: string };

/** One edit of a user, applied to both copies of a project. */
export interface Edit {
  readonly name: EditName;
  /** What it was done to, for a report. */
  readonly on: string;
  readonly files: readonly FileChange[];
}

/** Changes the model, and tells what is to be done to files. Undefined where the project has nothing of the kind. */
type MakeEdit = (project: ModelProject, random: Random) => Omit<Edit, 'name'> | undefined;

const onSource = (change: (project: ModelProject, path: string, random: Random) => readonly FileChange[]): MakeEdit => {
  return (project, random) => {
    const path = random.one(Object.keys(project.sources).filter((name) => !name.startsWith('work/')));
    return { on: path, files: change(project, path, random) };
  };
};

const onStage = (
  suits: (stage: ModelStage) => boolean,
  change: (stage: ModelStage, project: ModelProject, random: Random) => readonly FileChange[],
): MakeEdit => {
  return (project, random) => {
    const stages = project.stages.filter(suits);
    if (stages.length === 0) return undefined;
    const stage = random.one(stages);
    return { on: stage.name, files: change(stage, project, random) };
  };
};

const plain = (stage: ModelStage): boolean => !isGroup(stage);
const isSource = (path: string): boolean => !path.startsWith('out/');
/** Whether no other stage reads what this one makes. */
const unread = (stage: ModelStage, { stages }: ModelProject): boolean =>
  !stages.some(({ deps, reads }) => [...deps, ...reads].some((path) => path.startsWith(stage.out)));

const edits = {
  nothing: () => ({ on: '', files: [] }),
  touch: onSource((_, path) => [{ kind: 'touch', path }]),
  'edit a source': onSource((project, path, random) => {
    project.sources[path] = `edited ${random.below(1000)}\n`;
    return [];
  }),
  'edit a directory member': (project, random) => {
    const path = random.one(Object.keys(project.sources).filter((name) => name.startsWith('set/')));
    project.sources[path] = `member ${random.below(1000)}\n`;
    return { on: path, files: [] };
  },
  'add a directory member': (project, random) => {
    const path = `set/new${random.below(100)}.txt`;
    project.sources[path] = 'new\n';
    return { on: path, files: [] };
  },
  'remove a directory member': (project, random) => {
    const members = Object.keys(project.sources).filter((name) => /^set\/(new|f[12])/.test(name));
    if (members.length === 0) return undefined;
    const path = random.one(members);
    project.sources = Object.fromEntries(Object.entries(project.sources).filter(([name]) => name !== path));
    return { on: path, files: [{ kind: 'remove', path }] };
  },
  'delete an out': onStage(plain, (stage) => [{ kind: 'remove', path: stage.out }]),
  'edit an out': onStage(plain, (stage) => [
    { kind: 'append', path: stage.outKind === 'file' ? stage.out : `${stage.out}/all`, text: 'by hand\n' },
  ]),
  'delete a file of a directory out': onStage(
    (stage) => plain(stage) && stage.outKind === 'directory',
    (stage) => [{ kind: 'remove', path: `${stage.out}/deep/salt` }],
  ),
  'change a command': onStage(
    () => true,
    (stage, _, random) => {
      stage.salt = 100 + random.below(1000);
      return [];
    },
  ),
  'change a param': (project, random) => {
    const key = random.one(Object.keys(project.params));
    project.params[key] = 10 + random.below(100);
    return { on: key, files: [] };
  },
  'declare a dep': onStage(plain, (stage, project, random) => {
    const before = project.stages.slice(0, project.stages.indexOf(stage));
    const open = readable({ ...project, stages: before }).filter((path) => !stage.deps.includes(path));
    if (open.length > 0) stage.deps.push(random.one(open));
    return [];
  }),
  'declare a param': onStage(plain, (stage, project, random) => {
    const open = Object.keys(project.params).filter((key) => !stage.params.includes(key));
    if (open.length > 0) stage.params.push(random.one(open));
    return [];
  }),
  // The command goes on reading it. So it is none that another stage makes: the two might then run in either order, or side by side.
  'take a dep away': onStage(
    (stage) => plain(stage) && stage.deps.length > 1 && stage.deps.some(isSource),
    (stage, _, random) => {
      stage.deps.splice(stage.deps.indexOf(random.one(stage.deps.filter(isSource))), 1);
      return [];
    },
  ),
  'add a stage': (project, random) => {
    const name = `more${project.stages.length}_${random.below(1000)}`;
    project.stages.push(newStage(project, name, random));
    return { on: name, files: [] };
  },
  'remove a stage': (project, random) => {
    const last = project.stages.filter((stage) => unread(stage, project));
    if (last.length === 0 || project.stages.length < 2) return undefined;
    const stage = random.one(last);
    project.stages.splice(project.stages.indexOf(stage), 1);
    return { on: stage.name, files: [] };
  },
  'add an item': onStage(
    (stage) => stage.items?.includes('2') === false,
    (stage) => {
      stage.items = [...(stage.items ?? []), '2'];
      return [];
    },
  ),
  'remove an item': onStage(
    (stage) => (stage.items?.length ?? 0) > 1,
    (stage) => {
      stage.items = stage.items?.slice(0, -1) ?? [];
      return [];
    },
  ),
  'move an out': (project, random) => {
    const free = project.stages.filter((stage) => plain(stage) && unread(stage, project));
    if (free.length === 0) return undefined;
    const stage = random.one(free);
    const from = stage.out;
    stage.out = `out/moved${random.below(1000)}`;
    return { on: `${stage.name} ${from}`, files: [] };
  },
  'delete the lock file': () => ({
    on: '',
    files: [
      { kind: 'remove', path: 'dvc.lock' },
      { kind: 'remove', path: 'pipeline.lock' },
    ],
  }),
  'break a command or mend it': onStage(
    () => true,
    (stage) => {
      stage.fails = !stage.fails;
      return [];
    },
  ),
  'reorder the stages': (project) => {
    project.stages.reverse();
    return { on: '', files: [] };
  },
  'change a comment': (project, random) => {
    project.comment = `comment ${random.below(1000)}`;
    return { on: '', files: [] };
  },
  'make an out a metric or back': onStage(
    (stage) => stage.outKind === 'file',
    (stage) => {
      stage.outField = stage.outField === 'outs' ? 'metrics' : 'outs';
      return [];
    },
  ),
  'freeze or unfreeze': onStage(plain, (stage) => {
    stage.frozen = !stage.frozen;
    return [];
  }),
  'set or clear always_changed': onStage(plain, (stage) => {
    stage.alwaysChanged = !stage.alwaysChanged;
    return [];
  }),
} satisfies Record<string, MakeEdit>;

type EditName = keyof typeof edits | 'put back';

/** A random edit that suits the project; the model is changed in place. */
export function makeEdit(project: ModelProject, random: Random): Edit {
  for (;;) {
    const name = random.one(Object.keys(edits) as (keyof typeof edits)[]);
    const make: MakeEdit = edits[name];
    const made = make(project, random);
    if (made !== undefined) return { name, ...made };
  }
}
