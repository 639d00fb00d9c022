import { expect } from 'vitest';
import { dvcInit, pythonWithDvc, reproByDvc } from './dvc-peer.ts';
import { Rig, step, test } from './rig.ts';

const reader = (dep: string) => ({ cmd: step('read', `ls -R ${dep} > out.txt`), deps: [dep], outs: ['out.txt'] });

/** Runs once, then after each change; gives the changes after which the stage ran again. */
async function rerunsAfter(rig: Rig, changes: Readonly<Record<string, () => void>>): Promise<string[]> {
  expect((await rig.repro()).ran).toEqual(['read']);
  const reran: string[] = [];
  for (const [name, change] of Object.entries(changes)) {
    change();
    if ((await rig.repro()).ran.length > 0) reran.push(name);
  }
  return reran;
}

test('29: files that .mlpignore leaves out of a dep directory do not matter, at any depth and in any folder', async ({
  rig,
}) => {
  rig.pipeline({ read: reader('data/in') });
  rig.write('.mlpignore', '*.tmp\n!keep.tmp\n');
  rig.write('data/.dvcignore', '/in/cache/\n');
  rig.write('data/in/sub/.mlpignore', 'notes*\n');
  rig.write('data/in/a.csv', '1');
  const reran = await rerunsAfter(rig, {
    'a file that matters': () => {
      rig.write('data/in/a.csv', '2');
    },
    'ignored from the root': () => {
      rig.write('data/in/deep/er/x.tmp', '1');
    },
    'ignored, changed': () => {
      rig.write('data/in/deep/er/x.tmp', '2');
    },
    'taken out of the rule': () => {
      rig.write('data/in/deep/keep.tmp', '1');
    },
    'ignored from the folder between': () => {
      rig.write('data/in/cache/big.csv', '1');
    },
    'ignored from inside': () => {
      rig.write('data/in/sub/notes.md', '1');
    },
    'of the same name elsewhere': () => {
      rig.write('data/in/notes.md', '1');
    },
  });
  // The folder deep/er is new: an empty folder is content too.
  expect(reran).toEqual([
    'a file that matters',
    'ignored from the root',
    'taken out of the rule',
    'of the same name elsewhere',
  ]);
});

test('29: an edited rule is noticed when it changes what counts, and only then', async ({ rig }) => {
  rig.pipeline({ read: reader('data') });
  rig.write('.mlpignore', '*.tmp\n');
  rig.write('data/a.csv', '1');
  rig.write('data/b.tmp', '1');
  const reran = await rerunsAfter(rig, {
    'a comment': () => {
      rig.write('.mlpignore', '# why\n*.tmp\n');
    },
    'a rule for nothing': () => {
      rig.write('.mlpignore', '*.tmp\n*.bak\n');
    },
    'no rules': () => {
      rig.remove('.mlpignore');
    },
    'the rules again': () => {
      rig.write('.mlpignore', '*.tmp\n');
    },
  });
  expect(reran).toEqual(['no rules']);
  expect((await rig.status())['read']?.action).toBe('skip');
});

test('29: a file that a stage names itself counts although a rule leaves it out; an ignored out is refused', async ({
  rig,
}) => {
  rig.write('.mlpignore', '*.tmp\n');
  rig.write('in.tmp', '1');
  rig.pipeline({ read: reader('in.tmp') });
  expect(
    await rerunsAfter(rig, {
      edited: () => {
        rig.write('in.tmp', '2');
      },
    }),
  ).toEqual(['edited']);
  rig.pipeline({ make: { cmd: 'touch x.tmp', outs: ['x.tmp'] } });
  const { code, err } = await rig.mlp('repro');
  expect([code, err]).toEqual([2, expect.stringContaining('x.tmp of stage "make" is ignored by .mlpignore:1 (*.tmp)')]);
});

test('29: what is ignored in an out directory is not kept and does not make the out look changed', async ({ rig }) => {
  rig.write('.mlpignore', '*.log\n');
  rig.pipeline({ make: { cmd: step('make', 'mkdir out; echo 1 > out/model; date +%N > out/run.log'), outs: ['out'] } });
  expect((await rig.repro()).ran).toEqual(['make']);
  rig.write('out/run.log', 'edited');
  expect((await rig.status())['make']?.action).toBe('skip');
  rig.remove('out');
  expect((await rig.repro()).ran).toEqual([]);
  expect(Object.keys(rig.tree('out'))).toEqual(['model']);
});

test.skipIf(pythonWithDvc === undefined)(
  '29: after the same edits around a .dvcignore, mlp and the real DVC run the same stages',
  async ({ rig }) => {
    const theirs = new Rig();
    const both = (path: string, text: string): void => {
      for (const one of [rig, theirs]) one.write(path, text);
    };
    const named = { cmd: step('named', 'cp n.tmp n.txt'), deps: ['n.tmp'], outs: ['n.txt'] };
    both('dvc.yaml', JSON.stringify({ stages: { read: reader('data'), named } }));
    const edits: readonly (readonly [string, string])[] = [
      ['data/x.tmp', '1'],
      ['data/keep.tmp', '1'],
      ['data/skip', '1'],
      ['data/d/skip', '1'],
      ['data/d/logs/1', '1'],
      ['data/logs', '1'],
      ['n.tmp', '2'],
      ['.dvcignore', 'logs/\n'],
      ['data/a.csv', '2'],
    ];
    for (const [path, text] of [
      ['.dvcignore', '*.tmp\n/data/skip\n!data/keep.tmp\nlogs/\n'],
      ['data/a.csv', '1'],
      ['data/d/x', '1'],
      ['n.tmp', '1'],
    ] as const) {
      both(path, text);
    }
    dvcInit(theirs);
    expect([[...(await rig.repro()).ran].sort(), reproByDvc(theirs).sort()]).toEqual([
      ['named', 'read'],
      ['named', 'read'],
    ]);
    for (const [path, text] of edits) {
      both(path, text);
      expect([path, (await rig.repro()).ran]).toEqual([path, reproByDvc(theirs)]);
    }
    theirs.dispose();
  },
);
