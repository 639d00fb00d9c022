import type { SourceRange } from '../source-range.ts';

/** `pipeline.yaml:12:5`, as editors and terminals make clickable. */
export const placeText = (at: SourceRange): string => `${at.file}:${at.line}:${at.column}`;
