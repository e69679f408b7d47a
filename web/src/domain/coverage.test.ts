import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf, COVERAGE_STATES, isCovered, looksOf, totalsOf } from './coverage.ts';

test('an unknown state is never shown as covered', () => {
  assert.equal(looksOf('something_new').tone, 'none');
  assert.ok(!isCovered('something_new'));
});

test('states that look alike in colour for the colour-blind differ in shape', () => {
  assert.notEqual(looksOf('uncovered').shape, looksOf('own_group').shape);
  assert.notEqual(looksOf('liaison').shape, looksOf('attached_near').shape);
});

test('totals add up to what was counted and leave out projects that are not active', () => {
  const totals = totalsOf({ total: 9, uncovered: 2, own_group: 3, liaison: 1, not_active: 3 });
  assert.deepEqual([totals.active, totals.covered, totals.uncovered], [6, 4, 2]);
  assert.deepEqual(
    totals.states.map((entry) => entry.state),
    ['uncovered', 'liaison', 'own_group', 'not_active'],
  );
});

test('losing cover is worse, gaining it is better, for every pair of states', () => {
  for (const before of COVERAGE_STATES) {
    for (const after of COVERAGE_STATES) {
      const change = changeOf(before, after);
      if (before === after) assert.equal(change, 'same');
      else if (after === 'uncovered') assert.equal(change, 'worse');
      else if (!isCovered(before) && isCovered(after)) assert.equal(change, 'better');
      else assert.equal(change, 'other');
    }
  }
});
