import { expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { parseSource } from './source.ts';

it.each(['https://host/x.csv?v=1', 'http://host:8080/', 'file:///a/b%20c.csv'])('takes %s', (text) => {
  const url = parseSource(text);
  expect(url.ok && url.value.href).toBe(text);
});

it('leaves the fragment out', () => {
  const url = parseSource('https://host/x.csv#part');
  expect(url.ok && url.value.href).toBe('https://host/x.csv');
});

it.each([
  ['data/x.csv', /no address/],
  ['ftp://host/x', /ftp is not one of/],
  ['C:\\x.csv', /c is not one of/],
  ['file://host/x', /names no host/],
  ['', /no address/],
])('refuses %s', (text, message) => {
  const url = parseSource(text);
  expect(url.ok ? '' : failureMessage(url.error)).toMatch(message);
});

it('refuses a password, and does not repeat it', () => {
  const url = parseSource('https://me:secret@host/x.csv');
  const message = url.ok ? '' : failureMessage(url.error);
  expect(message).toContain('would be committed');
  expect(message).not.toContain('secret');
});
