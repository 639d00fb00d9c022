import { readFileSync } from 'node:fs';
import type { Wheel } from './wheels.ts';

export interface LicenceFacts {
  /** Path of the library in the wheel. */
  readonly library: string;
  readonly wheel: Wheel;
  /** Text of the wheel's METADATA. */
  readonly metadata: string;
  /** Paths of the libraries that are in the wheel beside it. */
  readonly bundled: readonly string[];
}

/** For a library whose wheel holds no licence: what it is, where it is from, what its description says, and the licence in full where it is known. */
export function licenceText({ library, wheel, metadata, bundled }: LicenceFacts): string {
  const { project, version, file, sha256, licence } = wheel;
  const paragraphs = [
    `${project} ${version}, licence ${licence}`,
    [
      `${library} is taken, unchanged, from ${file}`,
      `of https://pypi.org/project/${project}/${version}/`,
      `(SHA-256 ${sha256}).`,
      'That wheel holds no text of its licence. Its METADATA says:',
    ].join('\n'),
    indented(fieldsOf(metadata)),
  ];
  if (bundled.length > 0)
    paragraphs.push(`Under licences of their own, bundled by the wheel's makers:\n${indented(bundled)}`);
  if (licence === 'Apache-2.0') paragraphs.push(`The text of ${licence}:`, apacheLicence());
  return `${paragraphs.join('\n\n').trimEnd()}\n`;
}

const indented = (texts: readonly string[]): string => texts.join('\n').replaceAll(/^/gm, '    ');

const telling =
  /^(name|version|license|license-expression|author|author-email|maintainer|maintainer-email|home-page|project-url):/i;

/** The header's lines that say what it is, whose, and under which licence; those that go on begin with white space. */
function fieldsOf(metadata: string): readonly string[] {
  const header = metadata.replaceAll('\r', '').split('\n\n')[0] ?? '';
  return header.split(/\n(?![ \t])/).filter((field) => telling.test(field));
}

/** This package is under that licence too. The build copies its text, because tools that slim node_modules remove files named LICENSE. */
function apacheLicence(): string {
  const place = import.meta.url.endsWith('.ts') ? '../../../LICENSE' : './licences/Apache-2.0.txt';
  return readFileSync(new URL(place, import.meta.url), 'utf8');
}
