import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLines } from '../src/config/build-stage.ts';
import type { StageConfig } from '../src/config/types.ts';
import { failureMessage } from '../src/core/failure.ts';
import { findWorkspace } from '../src/fs/find-workspace.ts';
import { openProject } from '../src/pipeline/open-project.ts';
import { pythonWithDvc } from './dvc-peer.ts';
import { deliberate, projects, type Files } from './dvc-projects.cases.ts';

interface Shape {
  readonly stages: Readonly<Record<string, object>>;
  readonly edges: readonly (readonly string[])[];
}
interface Refused {
  readonly refused: string;
}

async function ours(files: Files): Promise<Shape | Refused> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mlp-dvc-')));
  try {
    // As DVC's own folder does, this one says where the project begins.
    for (const [path, text] of Object.entries({ ...files, '.dvc/config': '' })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const workspace = findWorkspace(root, 'dvc.yaml');
    if (!workspace.ok) return { refused: failureMessage(workspace.error) };
    const project = await openProject(workspace.value, { build: 'test', emit: () => undefined });
    if (!project.ok) return { refused: project.error.map(failureMessage).join('; ') };
    project.value.close();
    const { stages, upstream } = project.value.graph;
    const edges = [...upstream].flatMap(([down, above]) => above.map((up) => [up, down]));
    return {
      stages: Object.fromEntries(stages.map((stage) => [stage.name, shapeOf(stage)])),
      edges: edges.sort(byText),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const byText = (a: readonly string[], b: readonly string[]): number => (a.join('\0') < b.join('\0') ? -1 : 1);

const shapeOf = ({ cmd, wdir, deps, params, outs, frozen, alwaysChanged }: StageConfig): object => ({
  cmd,
  wdir,
  deps: deps.map(({ path }) => path).sort(),
  params: Object.fromEntries(
    params.map(({ file, keys }) => [file, keys === 'all' ? keys : keys.map(({ key }) => key).sort()]),
  ),
  outs: outs.map(({ path, kind, cache, persist }) => [path, kind, cache, persist]).sort(),
  frozen,
  alwaysChanged,
});

type Theirs = Refused | (Shape & { readonly stages: Readonly<Record<string, { readonly cmd: string | string[] }>> });

/** As mlp splits a command that is one text. */
function splitCommands(theirs: Theirs): Shape | Refused {
  if ('refused' in theirs) return theirs;
  const stages = Object.entries(theirs.stages).map(([name, stage]) => {
    const { cmd } = stage;
    return [name, { ...stage, cmd: typeof cmd === 'string' ? commandLines(cmd) : cmd }];
  });
  return { stages: Object.fromEntries(stages) as Shape['stages'], edges: [...theirs.edges].sort(byText) };
}

describe.skipIf(pythonWithDvc === undefined)('a project of DVC', () => {
  const theirs =
    pythonWithDvc === undefined
      ? {}
      : (JSON.parse(
          execFileSync(pythonWithDvc, [join(import.meta.dirname, 'dvc-projects.py')], {
            input: JSON.stringify(projects),
            encoding: 'utf8',
            stdio: ['pipe', 'pipe', 'ignore'],
          }),
        ) as Record<string, Theirs>);

  it.each(Object.keys(projects))(
    'has the stages, commands and edges that the real DVC finds, or is refused: %s',
    async (name) => {
      const found = await ours(projects[name] ?? {});
      const expected = splitCommands(theirs[name] ?? { refused: 'nothing was said' });
      const why = deliberate[name];
      if (why !== undefined) expect(found, why).not.toEqual(expected);
      else if ('refused' in expected) expect(found, `DVC: ${expected.refused}`).toHaveProperty('refused');
      else expect(found).toEqual(expected);
    },
  );
});
