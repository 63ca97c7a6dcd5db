import { expect, test } from 'vitest';
import { segmentsOf } from './segments';
import vectors from './segments.vectors.json';

// The server's segmenter is held to the same file.
test('a text is cut as the server cuts it', () => {
  expect(vectors.length).toBeGreaterThan(30);
  for (const { text, ...expected } of vectors) {
    const { encoding, characters, segments, left } = segmentsOf(text);
    expect({ encoding, characters, segments, left }, JSON.stringify(text)).toEqual(expected);
  }
});

test('each character that makes a text dearer is named once', () => {
  expect(segmentsOf('żółć, żółw').costly).toEqual(['ż', 'ó', 'ł', 'ć']);
  expect(segmentsOf('plain').costly).toEqual([]);
});
