import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf, stretchesOf } from './strip.ts';

const ON = '2026-11-22';

test('without changes the whole band is the state of today', () => {
  const [only, ...rest] = stretchesOf([], ON, 'own_group');
  assert.equal(rest.length, 0);
  assert.deepEqual([only!.state, only!.start, only!.width], ['own_group', 0, 1]);
});

test('the stretches fill the band without gap or overlap', () => {
  const changes = [
    { on: '2027-03-03', state: 'uncovered' },
    { on: '2026-05-01', state: 'own_group' },
    { on: '2026-01-10', state: 'uncovered' },
  ];
  const band = stretchesOf(changes, ON, 'own_group');
  let at = 0;
  for (const stretch of band) {
    assert.ok(Math.abs(stretch.start - at) < 1e-9);
    at += stretch.width;
  }
  assert.ok(Math.abs(at - 1) < 1e-9);
  assert.deepEqual(
    band.map((stretch) => stretch.state),
    ['', 'uncovered', 'own_group', 'uncovered'],
  );
});

test('a change before the band says what the band begins with', () => {
  const band = stretchesOf([{ on: '2024-01-01', state: 'liaison' }], ON, 'liaison');
  assert.deepEqual(band.map((stretch) => stretch.state), ['liaison']);
});

test('before the first change ahead, today tells the state', () => {
  const band = stretchesOf([{ on: '2027-01-01', state: 'uncovered' }], ON, 'attached_near');
  assert.deepEqual(band.map((stretch) => stretch.state), ['attached_near', 'uncovered']);
  assert.equal(band[0]!.to, '2026-12-31');
});

test('the day shown stands in the middle', () => {
  assert.ok(Math.abs(placeOf(ON, ON) - 0.5) < 0.001);
});
