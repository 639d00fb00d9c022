import { exitCode } from '../exit-code.ts';
import type { SourceRange } from '../source-range.ts';
import { didYouMean, kind } from './kind.ts';
import { placeText } from './place.ts';

const exit = exitCode.usage;

/** What may be wrong with the graph that valid stages form. */
export const graphFailures = {
  'stage-twice': kind<{ name: string; first: SourceRange }>({
    exit,
    message: (d) => `stage "${d.name}" is defined twice; the first is at ${placeText(d.first)}`,
    next: () => 'rename one of the two',
  }),
  'model-twice': kind<{ name: string; first: SourceRange }>({
    exit,
    message: (d) => `model "${d.name}" is defined twice; the first is at ${placeText(d.first)}`,
    next: () => 'rename one of the two',
  }),
  cycle: kind<{ stages: readonly string[] }>({
    exit,
    message: (d) => `the stages depend on each other in a circle: ${[...d.stages, d.stages[0] ?? ''].join(' -> ')}`,
    next: () => 'remove one of these deps, or split a stage in two',
  }),
  'same-out': kind<{ path: string; stage: string; other: string; first: SourceRange }>({
    exit,
    message: (d) =>
      d.stage === d.other
        ? `stage "${d.stage}" names ${d.path} twice as an out; the first is at ${placeText(d.first)}`
        : `stages "${d.other}" and "${d.stage}" both make ${d.path}; the first names it at ${placeText(d.first)}`,
    next: () => 'let one stage make it',
  }),
  'nested-out': kind<{ path: string; stage: string; outer: string; other: string; first: SourceRange }>({
    exit,
    message: (d) =>
      `out ${d.path} of stage "${d.stage}" lies inside out ${d.outer} of ${
        d.stage === d.other ? 'the same stage' : `stage "${d.other}"`
      }, named at ${placeText(d.first)}`,
    next: () => 'give each out a place of its own',
  }),
  'case-twin-out': kind<{ path: string; stage: string; twin: string; other: string; first: SourceRange }>({
    exit,
    message: (d) =>
      `out ${d.path} of stage "${d.stage}" differs only in case from out ${d.twin} of ${
        d.stage === d.other ? 'the same stage' : `stage "${d.other}"`
      }, named at ${placeText(d.first)}`,
    next: () => 'rename one: on macOS and Windows they would be the same file',
  }),
  'own-out': kind<{ stage: string; dep: string; out: string; first: SourceRange }>({
    exit,
    message: (d) =>
      d.dep === d.out
        ? `stage "${d.stage}" reads ${d.dep} and makes it; the out is at ${placeText(d.first)}`
        : `stage "${d.stage}" reads ${d.dep} and makes ${d.out}, one inside the other; the out is at ${placeText(d.first)}`,
    next: () => 'write to another path, or remove the dep',
  }),
  'ignored-out': kind<{ path: string; stage: string; place: string; pattern: string }>({
    exit,
    message: (d) => `out ${d.path} of stage "${d.stage}" is ignored by ${d.place} (${d.pattern})`,
    next: (d) => `add the line !/${d.path} below that rule, or let the stage write elsewhere`,
  }),
  'unknown-target': kind<{ target: string; near: readonly string[] }>({
    exit,
    message: (d) => `no stage, group or out is called ${JSON.stringify(d.target)}`,
    next: (d) => didYouMean(d.near) ?? 'mlp stage list names the stages',
  }),
};
