import { describe, expect } from 'vitest';
import { test, type Rig } from './rig.ts';

/** a -> b -> e, a -> c, and d apart. What is expected below is what DVC 3.67.1 prints of the same file. */
const stages = {
  a: { cmd: 'x', outs: ['oa', 'oa2'] },
  b: { cmd: 'x', deps: ['oa'], outs: ['ob'] },
  c: { cmd: 'x', deps: ['oa2/part', 'raw'], outs: ['oc'] },
  d: { cmd: 'x', outs: ['od'] },
  e: { cmd: 'x', deps: ['ob'] },
};

interface Drawn {
  readonly nodes: readonly { name: string; state?: string }[];
  readonly edges: readonly (readonly [string, string])[];
}

async function dag(rig: Rig, ...words: string[]): Promise<{ names: string[]; edges: string[] }> {
  rig.pipeline(stages);
  const { nodes, edges } = JSON.parse((await rig.mlp('dag', '--json', ...words)).out) as Drawn;
  return { names: nodes.map(({ name }) => name).sort(), edges: edges.map((edge) => edge.join(' -> ')).sort() };
}

describe.concurrent('mlp dag', () => {
  test('--full takes in all that a target is connected with', async ({ rig }) => {
    expect(await dag(rig, 'b')).toEqual({ names: ['a', 'b'], edges: ['a -> b'] });
    const whole = { names: ['a', 'b', 'c', 'e'], edges: ['a -> b', 'a -> c', 'b -> e'] };
    expect(await dag(rig, 'b', '--full')).toEqual(whole);
    expect(await dag(rig, '--full', 'e')).toEqual(whole);
    expect(await dag(rig, '--full', 'd')).toEqual({ names: ['d'], edges: [] });
    expect((await dag(rig, '--full')).names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('--outs draws what the stages make and where each comes from', async ({ rig }) => {
    const all = ['oa', 'oa2', 'ob', 'oc', 'od'];
    expect(await dag(rig, '--outs')).toEqual({ names: all, edges: ['oa -> ob', 'oa2 -> oc'] });
    expect(await dag(rig, '-o', 'c')).toEqual({ names: ['oa', 'oa2', 'oc'], edges: ['oa2 -> oc'] });
    expect((await rig.mlp('dag', '-o', '--dot', 'b')).out).toContain('n0 -> n2;');
  });

  test('--md is the Mermaid flowchart as a block of Markdown', async ({ rig }) => {
    rig.pipeline(stages);
    const mermaid = (await rig.mlp('dag', '--mermaid', '--full', 'b')).out;
    expect((await rig.mlp('dag', '--md', '--full', 'b')).out).toBe(`\`\`\`mermaid\n${mermaid}\`\`\`\n`);
    expect((await rig.mlp('dag', '--md', '--dot')).code).toBe(2);
  });
});
