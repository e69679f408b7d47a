import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices } from '../data/vocab.ts';
import { LOOK_SETS } from './looks.ts';
import { needsOf, nextActs, TASK_STATES, taskState } from './tasks.ts';

const course = (state: string, asked_until: string | null = null) => ({ state, asked_until });

test('who does the work is never offered to inspect it', () => {
  for (const state of TASK_STATES) {
    const acts = [...nextActs(course(state), false), ...nextActs(course(state, 'd'), false)];
    for (const act of ['pass', 'rework', 'grant_extension', 'assess', 'withdraw'])
      assert.ok(!acts.includes(act), `${state}: ${act}`);
  }
});

test('the loop goes from deployed to inspected, and round again after a rework', () => {
  assert.deepEqual(nextActs(course('deployed'), false), ['accept', 'report', 'ask_extension']);
  assert.deepEqual(nextActs(course('reported'), true), ['pass', 'rework', 'withdraw']);
  assert.deepEqual(nextActs(course('rework'), false), ['report', 'ask_extension']);
  assert.ok(nextActs(course('accepted', '2026-12-01'), true).includes('grant_extension'));
  assert.deepEqual(nextActs(course('passed'), true), ['assess']);
  assert.deepEqual(nextActs(course('withdrawn'), true), []);
});

test('every act offered is one of the vocabulary, every state has its look', () => {
  const known = choices.act.map(({ name }) => name as string);
  for (const state of TASK_STATES)
    for (const act of [...nextActs(course(state), true), ...nextActs(course(state, 'd'), true)])
      assert.ok(known.includes(act), act);
  assert.deepEqual([...TASK_STATES].sort(), Object.keys(LOOK_SETS.task!).sort());
});

test('a rework says what and until when', () => {
  assert.deepEqual(needsOf('rework'), { words: 'must', until: true, evidence: false });
  assert.deepEqual(needsOf('accept'), { words: 'may', until: false, evidence: false });
  assert.equal(needsOf('report').evidence, true);
  assert.equal(taskState({ state: 'accepted', overdue: true }), 'overdue');
});
