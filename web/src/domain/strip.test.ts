import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, placeOf, stretchesOf } from './strip.ts';

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
  assert.deepEqual(
    band.map((stretch) => stretch.state),
    ['liaison'],
  );
});

test('before the first change ahead, today tells the state', () => {
  const band = stretchesOf([{ on: '2027-01-01', state: 'uncovered' }], ON, 'attached_near');
  assert.deepEqual(
    band.map((stretch) => stretch.state),
    ['attached_near', 'uncovered'],
  );
  assert.equal(band[0]!.to, '2026-12-31');
});

test('the day shown stands in the middle', () => {
  assert.ok(Math.abs(placeOf(ON, ON) - 0.5) < 0.001);
});

test('stretches of one state are one, and after the last told day the project is not active', () => {
  const told = [
    { on: '2026-06-16', to: '2026-06-26', state: 'uncovered' },
    { on: '2026-06-06', to: '2026-06-15', state: 'uncovered' },
    { on: '2026-06-27', to: '2027-04-22', state: 'own_group' },
  ];
  assert.deepEqual(changesOf(told, ON), [
    { on: '2026-06-06', state: 'uncovered' },
    { on: '2026-06-27', state: 'own_group' },
    { on: '2027-04-23', state: 'not_active' },
  ]);
});

test('a hole between told stretches is a time in which the project was not active', () => {
  const told = [
    { on: '2026-01-01', to: '2026-01-31', state: 'own_group' },
    { on: '2026-03-01', to: null, state: 'own_group' },
  ];
  assert.deepEqual(
    changesOf(told, ON).map((change) => [change.on, change.state]),
    [
      ['2026-01-01', 'own_group'],
      ['2026-02-01', 'not_active'],
      ['2026-03-01', 'own_group'],
    ],
  );
});

test('the end of what is told is no change', () => {
  for (const to of ['2027-11-22', '2027-11-23', '2028-01-01', null]) {
    assert.deepEqual(changesOf([{ on: '2026-11-01', to, state: 'own_group' }], ON), [
      { on: '2026-11-01', state: 'own_group' },
    ]);
  }
});
