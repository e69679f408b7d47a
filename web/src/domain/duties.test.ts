import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalOf, dutyCells, heldOf, readershipOrder, readershipSum } from './duties.ts';

test('each obligation stands in one column: together they are all that is owed', () => {
  const counts = {
    owed: 57,
    ahead: 12,
    due: 4,
    done: 5,
    made_up: 1,
    waived: 1,
    overdue: 34,
    not_conforming: 3,
    recorded_late: 2,
    planned: 2,
  };
  const cells = dutyCells(counts);
  assert.equal(cells.find(({ state }) => state === 'overdue')!.count, 31);
  assert.equal(cells.find(({ state }) => state === 'not_conforming')!.count, 3);
  assert.equal(
    cells.reduce((sum, { count }) => sum + count, 0),
    counts.owed,
  );
  assert.equal(heldOf(counts), 6);
});

test('an answer that lacks a count says none of it', () => {
  assert.ok(dutyCells({}).every(({ count }) => count === 0));
});

test('the site where most have not read it comes first, one without people not at all', () => {
  const sites = [
    { name: 'closed', expected: 0, read: 0 },
    { name: 'all read', expected: 9, read: 9 },
    { name: 'most missing', expected: 16, read: 2 },
    { name: 'one missing', expected: 3, read: 2 },
  ];
  assert.deepEqual(
    readershipOrder(sites).map(({ name }) => name),
    ['most missing', 'one missing', 'all read'],
  );
  assert.deepEqual(readershipSum(sites), { expected: 28, read: 13 });
});

test('a box that has said nothing is silent, and neither has it nor lacks it', () => {
  assert.equal(arrivalOf({ received: null }), 'silent');
  assert.equal(arrivalOf({ received: false }), 'lacking');
  assert.equal(arrivalOf({ received: true }), 'received');
});
