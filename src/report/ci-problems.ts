import { failureMessage, failureNext, type Failure } from '../core/failure.ts';
import { placeText } from './failure.ts';
import { plainText } from './terminal-text.ts';

/** What a CI job says of a repro that could not begin, as Markdown: each problem with its place and what to do. */
export function ciProblemsMarkdown(problems: readonly Failure[]): string {
  const items = problems.map((problem) => {
    const place = problem.at === undefined ? '' : ` (\`${placeText(problem.at)}\`)`;
    const next = failureNext(problem);
    const advice = next === undefined ? '' : `\n  - ${asText(next)}`;
    return `- ${asText(failureMessage(problem))}${place}${advice}\n`;
  });
  return `## mlp repro: nothing ran\n\n${items.join('')}`;
}

/** Markdown's own signs are shown, not meant. */
const asText = (line: string): string =>
  plainText(line)
    .replaceAll('\n', ' ')
    .replaceAll(/[\\`*_<>|]/g, '\\$&');
