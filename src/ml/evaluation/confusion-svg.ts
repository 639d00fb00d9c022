import { escapeMarkup, shorten } from './escape.ts';

const cell = 96;
const gap = 4;
const left = 132;
const top = 96;
const font = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/**
 * A confusion matrix as a picture: truth by row, prediction by column, each cell with its count and its share of the row, and the
 * darker the larger that share. `confusion` holds [truth * classes + prediction].
 */
export function confusionSvg(classes: readonly string[], confusion: Int32Array): string {
  const size = classes.length * (cell + gap) - gap;
  const width = left + size + 28;
  const height = top + size + 28;
  const cells = classes.flatMap((_, truth) => {
    const counts = confusion.subarray(truth * classes.length, (truth + 1) * classes.length);
    const rows = counts.reduce((sum, count) => sum + count, 0);
    return Array.from(counts, (count, predicted) =>
      drawCell({ truth, predicted, count, share: rows === 0 ? 0 : count / rows }),
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family='${font}'>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    label({ x: left + size / 2, y: 34, text: 'predicted', anchor: 'middle', size: 13, fill: '#64748b' }),
    `<g transform="translate(26 ${top + size / 2}) rotate(-90)">`,
    label({ x: 0, y: 0, text: 'truth', anchor: 'middle', size: 13, fill: '#64748b' }),
    '</g>',
    ...classes.map((name, c) =>
      label({
        x: left + c * (cell + gap) + cell / 2,
        y: top - 16,
        text: shorten(name, 12),
        anchor: 'middle',
        size: 14,
      }),
    ),
    ...classes.map((name, c) =>
      label({
        x: left - 14,
        y: top + c * (cell + gap) + cell / 2 + 5,
        text: shorten(name, 12),
        anchor: 'end',
        size: 14,
      }),
    ),
    ...cells,
    '</svg>',
    '',
  ].join('\n');
}

interface Cell {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
  readonly share: number;
}

function drawCell({ truth, predicted, count, share }: Cell): string {
  const x = left + predicted * (cell + gap);
  const y = top + truth * (cell + gap);
  const right = truth === predicted;
  const fill = right ? blend([238, 242, 255], [49, 46, 129], share) : blend([255, 247, 237], [194, 65, 12], share);
  const ink = share > 0.5 ? '#ffffff' : '#1e293b';
  return [
    `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" rx="8" fill="${fill}"/>`,
    label({
      x: x + cell / 2,
      y: y + cell / 2 + 1,
      text: String(count),
      anchor: 'middle',
      size: 22,
      fill: ink,
      bold: true,
    }),
    label({
      x: x + cell / 2,
      y: y + cell / 2 + 23,
      text: `${(share * 100).toFixed(1)} %`,
      anchor: 'middle',
      size: 13,
      fill: ink,
    }),
  ].join('\n');
}

/** The colour at `share` on the way from one to the other. */
function blend(from: readonly number[], to: readonly number[], share: number): string {
  const parts = from.map((start, i) => Math.round(start + ((to[i] ?? start) - start) * share));
  return `rgb(${parts.join(' ')})`;
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'middle' | 'end';
  readonly size: number;
  readonly fill?: string;
  readonly bold?: boolean;
}

const label = ({ x, y, text, anchor, size, fill = '#1e293b', bold = false }: Label): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${fill}"${bold ? ' font-weight="600"' : ''}>${escapeMarkup(text)}</text>`;
