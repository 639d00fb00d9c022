import { describe, expect } from 'vitest';
import { step, test } from './rig.ts';

const makes = (name: string, text: string): Record<string, unknown> => ({
  cmd: step(name, `echo ${text} > ${name}`),
  outs: [name],
});

describe.concurrent('groups of stages', () => {
  test('27: editing one item of a foreach runs only its stage, and removing one takes it out of the lock file', async ({
    rig,
  }) => {
    const group = (items: Record<string, number>): void => {
      rig.pipeline({ g: { foreach: items, do: makes('g-${key}', '${item}') }, other: makes('other', '1') });
    };
    const locked = (): string[] =>
      [...rig.read('pipeline.lock').matchAll(/^ {2}["']?([\w@]+)["']?:$/gm)].flatMap(([, name]) => name ?? []);
    group({ x: 1, y: 2, z: 3 });
    expect((await rig.repro('-j', '1')).ran).toEqual(['g-x', 'g-y', 'g-z', 'other']);
    group({ x: 1, y: 5, z: 3 });
    expect((await rig.repro()).ran).toEqual(['g-y']);
    expect(locked()).toEqual(['g@x', 'g@y', 'g@z', 'other']);
    group({ x: 1, z: 3 });
    // Nothing is to be run for that, and it is done all the same.
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(locked()).toEqual(['g@x', 'g@z', 'other']);
    expect((await rig.mlp('repro')).out).toMatch(/^ {2}3 stages up to date/);
  });

  test('69: the stages of foreach and matrix are named as DVC names them, and each runs with its own item', async ({
    rig,
  }) => {
    rig.write('params.yaml', 'langs: [en, de]\n');
    rig.pipeline({
      list: { foreach: ['a', 1], do: makes('list-${item}', '${item}') },
      dict: { foreach: { k1: { p: 1 }, k2: { p: 2 } }, do: makes('dict-${key}', '${item.p}') },
      dicts: { foreach: [{ p: 1 }, { p: 2 }], do: makes('dicts-${item.p}', '${item.p}') },
      templated: { foreach: '${langs}', do: makes('t-${item}', '${item}') },
      matrix: { matrix: { x: [{ p: 1 }, { p: 2 }], y: ['a', 1] }, ...makes('m-${item.x.p}-${item.y}', '${key}') },
    });
    const { actions, ran, code } = await rig.repro('-j', '1');
    expect(code).toBe(0);
    // As dvc 3.67.1 lists them: dvc stage list --name-only.
    expect(Object.keys(actions)).toEqual([
      ...['list@a', 'list@1', 'dict@k1', 'dict@k2', 'dicts@0', 'dicts@1', 'templated@en', 'templated@de'],
      ...['matrix@x0-a', 'matrix@x0-1', 'matrix@x1-a', 'matrix@x1-1'],
    ]);
    expect(ran).toEqual([
      ...['list-a', 'list-1', 'dict-k1', 'dict-k2', 'dicts-1', 'dicts-2', 't-en', 't-de'],
      ...['m-1-a', 'm-1-1', 'm-2-a', 'm-2-1'],
    ]);
    expect([rig.read('dict-k2'), rig.read('dicts-2'), rig.read('m-2-a')]).toEqual(['2\n', '2\n', 'x1-a\n']);
    expect((await rig.repro('--force', '-j', '1', 'dict', 'matrix@x1-a')).ran).toEqual(['dict-k1', 'dict-k2', 'm-2-a']);
  });
});
