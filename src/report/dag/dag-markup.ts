import type { PlannedWord } from '../plan.ts';
import { indexDag } from './dag-view.ts';
import type { DagView } from './dag-view.ts';

/** Fill and border of a state; readable on white, and told apart without colour by the border's style. */
const looks: Record<PlannedWord, { readonly fill: string; readonly border: string; readonly dashed: boolean }> = {
  run: { fill: '#ffe9a8', border: '#a87900', dashed: false },
  'may-run': { fill: '#fff6da', border: '#a87900', dashed: true },
  restore: { fill: '#d5f0d9', border: '#2f7d3b', dashed: false },
  checkout: { fill: '#d5f0d9', border: '#2f7d3b', dashed: true },
  skip: { fill: '#f2f2f2', border: '#888888', dashed: false },
};

/** The graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown. */
export function dagMermaid(view: DagView): string {
  const nodes = view.nodes.map(({ name, state }, at) => {
    const look = state === undefined ? '' : `:::${classOf(state)}`;
    return `  n${at}["${mermaidText(name)}"]${look}`;
  });
  const used = new Set(view.nodes.flatMap(({ state }) => (state === undefined ? [] : [state])));
  const classes = [...used].sort().map((state) => {
    const { fill, border, dashed } = looks[state];
    const dashes = dashed ? ',stroke-dasharray:4 3' : '';
    return `  classDef ${classOf(state)} fill:${fill},stroke:${border},color:#222${dashes}`;
  });
  return ['flowchart TD', ...nodes, ...edgesOf(view, '-->'), ...classes].map((line) => `${line}\n`).join('');
}

const classOf = (state: PlannedWord): string => (state === 'may-run' ? 'mayRun' : state);

/** Inside quotes Mermaid still reads entities, HTML and Markdown: their characters are written as entities. */
const mermaidText = (name: string): string =>
  name.replace(/[^\p{L}\p{N} @_./-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);

/** The graph in Graphviz' language: `mlp dag --dot | dot -Tsvg`. */
export function dagDot(view: DagView): string {
  const nodes = view.nodes.map(({ name, state }, at) => {
    const look = state === undefined ? '' : `, ${dotLook(state)}`;
    return `  n${at} [label="${dotText(name)}"${look}];`;
  });
  const edges = edgesOf(view, '->').map((edge) => `${edge};`);
  const head = ['digraph pipeline {', '  node [shape=box, fontname="sans-serif"];'];
  return [...head, ...nodes, ...edges, '}'].map((line) => `${line}\n`).join('');
}

function dotLook(state: PlannedWord): string {
  const { fill, border, dashed } = looks[state];
  return `style="filled${dashed ? ',dashed' : ''}", fillcolor="${fill}", color="${border}"`;
}

/** In a label a backslash begins an escape of Graphviz' own. */
const dotText = (name: string): string => name.replace(/["\\]/g, '\\$&').replace(/[\r\n]+/g, ' ');

function edgesOf(view: DagView, arrow: string): string[] {
  const { below } = indexDag(view);
  return below.flatMap((targets, from) => targets.map((to) => `  n${from} ${arrow} n${to}`));
}
