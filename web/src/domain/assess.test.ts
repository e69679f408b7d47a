import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart, factWord, pageOfFact, standingOf } from './assess.ts';

test('the latest ruling says how a deduction stands', () => {
  const ruled = (...decisions: string[]) => ({
    objection: { rulings: decisions.map((decision) => ({ decision })) },
  });
  assert.equal(standingOf({ objection: null }), 'stands');
  assert.equal(standingOf(ruled()), 'objected');
  assert.equal(standingOf(ruled('upheld')), 'upheld');
  assert.equal(standingOf(ruled('upheld', 'corrected')), 'corrected');
});

test('a fact with a page of its own is linked, others are only named', () => {
  const on = (kind: string, duty: unknown = null) => ({
    fact: { kind, id: 'x' },
    duty,
    day: '2026-10-09',
  });
  assert.deepEqual(pageOfFact(on('task')), { name: 'task', params: { id: 'x' } });
  assert.deepEqual(pageOfFact(on('signal')), { name: 'signal', params: { id: 'x' } });
  assert.equal(pageOfFact(on('step')), null);
  assert.equal(factWord(on('comet')), 'other', 'of a later version');
  assert.equal(pageOfFact({ fact: null, duty: null, day: '2026-10-09' }), null);
});

test('a meeting that was not held is seen among what was owed that month', () => {
  const owed = { query: { tab: 'owed', period: '2026-10' } };
  const held = { fact: { kind: 'station', id: 's' }, duty: {}, day: '2026-10-09' };
  assert.deepEqual(pageOfFact(held), owed);
  assert.deepEqual(pageOfFact({ ...held, fact: null }), owed);
});

test('points apart keep their sign', () => {
  assert.equal(apart(95, 90), 5);
  assert.equal(apart(60, 90), -30);
});
