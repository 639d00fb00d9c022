import type { Diagnosis, Examined } from '../cli/doctor/diagnose.ts';
import { displayWidth } from './display-width.ts';
import { countOf, formatDuration } from './format.ts';
import type { Paint, Style } from './style.ts';
import { padTo, plainLine } from './terminal-text.ts';

interface Screen {
  readonly style: Style;
  readonly columns: number;
}

/** `mlp doctor`: a line a finding, below it how to mend it, and at the end whether anything is left to mend; every line ended. */
export function renderDiagnosis({ findings, seconds }: Diagnosis, { style, columns }: Screen): string {
  const width = Math.max(...findings.map(({ subject }) => displayWidth(plainLine(subject))));
  const areas = [...new Set(findings.map(({ area }) => area))];
  const sections = areas.map((area) => {
    const members = findings.filter((finding) => finding.area === area);
    const lines = members.flatMap((finding) => findingLines(finding, { style, columns, width }));
    return [`  ${style.bold(area)}`, ...lines, ''].map((line) => `${line}\n`).join('');
  });
  return `${sections.join('')}  ${conclusion(findings, style)} ${style.dim(`(${formatDuration(seconds)})`)}\n`;
}

const verdictWidth = 'problem'.length;

function findingLines(finding: Examined, { style, columns, width }: Screen & { readonly width: number }): string[] {
  const { subject, text, next, mended } = finding;
  const word = mended === undefined ? finding.verdict : 'mended';
  const head = `    ${padTo(plainLine(subject), width)}   ${paintOf(word, style)(padTo(word, verdictWidth))}   `;
  const indent = ' '.repeat(4 + width + 3 + verdictWidth + 3);
  const room = Math.max(24, columns - indent.length);
  const [first = '', ...rest] = wrapped(plainLine(text), room);
  const after = mended ?? next;
  const label = mended === undefined ? 'next: ' : 'done: ';
  const more = after === undefined ? [] : wrapped(label + plainLine(after), room);
  const painted = more.map((line, index) => (index === 0 ? style.cyan(label) + line.slice(label.length) : line));
  return [head + first, ...[...rest, ...painted].map((line) => indent + line)];
}

function paintOf(word: Examined['verdict'] | 'mended', style: Style): Paint {
  return { ok: style.green, mended: style.green, note: style.yellow, problem: style.red }[word];
}

/** Breaks at blanks; a longer word stays whole. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(`${last} ${word}`) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function conclusion(findings: readonly Examined[], style: Style): string {
  const problems = findings.filter(({ verdict }) => verdict === 'problem');
  const left = problems.filter(({ mended }) => mended === undefined);
  const mended = findings.filter(({ mended: done }) => done !== undefined).length;
  if (left.length === 0)
    return style.green(mended === 0 ? 'healthy' : `healthy, after ${countOf(mended, 'thing')} mended`);
  const fixable = left.filter(({ mend }) => mend !== undefined).length;
  const hint =
    fixable > 0 && mended === 0 ? `; mlp doctor --fix mends ${fixable === left.length ? 'it' : fixable}` : '';
  return style.red(countOf(left.length, 'problem')) + (left.length === 1 ? hint : hint.replace(' it', ' them'));
}

/** For `--json`: without what cannot be written down. */
export function diagnosisData(diagnosis: Diagnosis, healthy: boolean): unknown {
  const checks = diagnosis.findings.map(({ area, subject, verdict, text, next, mended, mend }) => ({
    area,
    subject,
    verdict,
    text,
    ...(next === undefined ? {} : { next }),
    ...(verdict === 'ok' ? {} : { fixable: mend !== undefined }),
    ...(mended === undefined ? {} : { mended }),
  }));
  return { healthy, checks };
}
