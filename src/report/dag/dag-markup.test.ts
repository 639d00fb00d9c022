import { describe, expect, it } from 'vitest';
import { dagDot, dagMermaid } from './dag-markup.ts';
import type { DagView } from './dag-view.ts';

const view: DagView = {
  nodes: [
    { name: 'prepare', state: 'skip' },
    { name: 'train@c-1', state: 'run' },
    { name: 'evaluate', state: 'may-run' },
  ],
  edges: [
    ['prepare', 'train@c-1'],
    ['train@c-1', 'evaluate'],
    ['prepare', 'evaluate'],
    ['prepare', 'evaluate'],
  ],
};
const hostile: DagView = { nodes: [{ name: 'a"];x[\\"`<b>`#quot;|end' }, { name: 'end' }], edges: [] };

describe('dagMermaid', () => {
  it('writes a flowchart with a class for each state', () => {
    expect(dagMermaid(view)).toBe(
      [
        'flowchart TD',
        '  n0["prepare"]:::skip',
        '  n1["train@c-1"]:::run',
        '  n2["evaluate"]:::mayRun',
        '  n0 --> n1',
        '  n0 --> n2',
        '  n1 --> n2',
        '  classDef mayRun fill:#fff6da,stroke:#a87900,color:#222,stroke-dasharray:4 3',
        '  classDef run fill:#ffe9a8,stroke:#a87900,color:#222',
        '  classDef skip fill:#f2f2f2,stroke:#888888,color:#222',
        '',
      ].join('\n'),
    );
  });

  it('lets no name end its label, and keeps every character of it', () => {
    const label = /n0\["(.*)"\]\n/.exec(dagMermaid(hostile))?.[1] ?? '';
    expect(label).toMatch(/^[\w @./#;-]*$/);
    expect(label.replace(/#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)))).toBe(
      hostile.nodes[0]?.name,
    );
  });
});

describe('dagDot', () => {
  it('writes a digraph', () => {
    expect(dagDot(view)).toBe(
      [
        'digraph pipeline {',
        '  node [shape=box, fontname="sans-serif"];',
        '  n0 [label="prepare", style="filled", fillcolor="#f2f2f2", color="#888888"];',
        '  n1 [label="train@c-1", style="filled", fillcolor="#ffe9a8", color="#a87900"];',
        '  n2 [label="evaluate", style="filled,dashed", fillcolor="#fff6da", color="#a87900"];',
        '  n0 -> n1;',
        '  n0 -> n2;',
        '  n1 -> n2;',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('escapes quotes and backslashes', () => {
    const label = /n0 \[label="((?:[^"\\]|\\.)*)"\];\n/.exec(dagDot(hostile))?.[1];
    expect(label?.replace(/\\(.)/g, '$1')).toBe(hostile.nodes[0]?.name);
  });
});
