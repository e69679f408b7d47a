import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byPhase, evidenceOf, splitPlans } from './combine.ts';

const items = [
  { code: 'talent', evidence: [{ kind: 'development', id: 'd' }, { kind: 'other', id: 'o' }] },
  { code: 'publicity', evidence: [] },
];

test('evidence is found by what it is', () => {
  assert.deepEqual(evidenceOf(items, 'talent', 'development'), [{ kind: 'development', id: 'd' }]);
  assert.deepEqual(evidenceOf(items, 'publicity', 'publicity'), []);
  assert.deepEqual(evidenceOf(items, 'production', 'objective'), []);
});

test('pairs and plans alone, by the day they end', () => {
  const plans = [
    { id: 'a', mentor: null, to: '2027-01-01' },
    { id: 'b', mentor: { id: 'm' }, to: '2027-02-01' },
    { id: 'c', mentor: { id: 'm' }, to: '2026-12-01' },
  ];
  const { pairs, alone } = splitPlans(plans);
  assert.deepEqual(
    pairs.map(({ id }) => id),
    ['c', 'b'],
  );
  assert.deepEqual(
    alone.map(({ id }) => id),
    ['a'],
  );
});

test('publicity stands in the order of the phases', () => {
  const shown = ['STR', 'ZZZ', 'PRE', 'STR'].map((phase, at) => ({ phase, at }));
  assert.deepEqual(
    byPhase(shown, ['PRE', 'MOB', 'STR']).map(({ phase, items: list }) => [phase, list.length]),
    [
      ['PRE', 1],
      ['STR', 2],
      ['ZZZ', 1],
    ],
  );
});
