import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliText, parseMilli } from './milli.ts';

test('thousandths are written without zeros that say nothing', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [36500, '36.5'],
    [120000, '120'],
    [1, '0.001'],
    [-2050, '-2.05'],
    [100, '0.1'],
  ];
  for (const [milli, text] of cases) {
    assert.equal(milliText(milli), text);
    assert.equal(parseMilli(text), milli);
  }
});

test('what is no number with three places is refused', () => {
  assert.equal(parseMilli(' 36.50 '), 36500);
  assert.equal(parseMilli('-0'), 0);
  for (const text of ['', '1.2345', '1,5', '.5', '5.', '1e3', '--1', 'abc', '1234567890123'])
    assert.equal(parseMilli(text), null, text);
});
