import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices } from '../data/vocab.ts';
import { courseOf, nextSteps, receiptSteps, SIGNAL_LOOKS, stepNeeds, unnamedTo } from './signals.ts';

const KINDS = choices.signal.map(({ name }) => name as string);
const STEPS = choices.handling.map(({ name }) => name as string);
const at = (state: string, more = {}) => ({
  kind: 'hazard',
  state,
  stopped: false,
  extension_asked: null,
  sealed: false,
  ...more,
});
const staff = { writes: true, raised: false };

test('every step offered is one of the vocabulary and every state has a look', () => {
  for (const kind of KINDS)
    for (const [step, from] of Object.entries(courseOf(kind))) {
      assert.ok(STEPS.includes(step), step);
      for (const state of from) assert.ok(SIGNAL_LOOKS[state], state);
    }
});

test('on one course no two states look the same', () => {
  for (const kind of ['hazard', 'blocker', 'idea']) {
    const states = [...new Set(Object.values(courseOf(kind)).flat())];
    const looks = states.map((state) => JSON.stringify(SIGNAL_LOOKS[state]));
    assert.equal(new Set(looks).size, states.length, kind);
  }
});

test('a hazard is not closed before it was re-checked, nor while work is stopped', () => {
  for (const state of ['found', 'registered', 'graded', 'ordered', 'returned', 'rectified'])
    assert.ok(!nextSteps(at(state), staff).includes('close'), state);
  assert.ok(nextSteps(at('passed'), staff).includes('close'));
  const stopped = nextSteps(at('passed', { stopped: true }), staff);
  assert.ok(!stopped.includes('close') && stopped.includes('resume'));
});

test('only the raiser confirms or reopens; nobody else handles what may only be read', () => {
  const answered = at('answered', { kind: 'blocker' });
  assert.deepEqual(nextSteps(answered, staff), []);
  assert.deepEqual(nextSteps(answered, { writes: false, raised: true }), ['confirm', 'reopen']);
  assert.deepEqual(nextSteps(at('received', { kind: 'integrity', sealed: true }), staff), []);
});

test('who has the receipt confirms or reopens what was answered or closed, sealed or not', () => {
  assert.deepEqual(receiptSteps(at('closed')), ['confirm', 'reopen']);
  assert.deepEqual(receiptSteps(at('passed')), []);
  assert.deepEqual(receiptSteps(at('answered', { kind: 'integrity', sealed: true })), [
    'confirm',
    'reopen',
  ]);
  assert.deepEqual(receiptSteps(at('confirmed', { kind: 'near_miss' })), []);
});

test('an extension is decided only when it was asked for', () => {
  assert.ok(!nextSteps(at('ordered'), staff).includes('extend'));
  const asked = nextSteps(at('ordered', { extension_asked: '2026-12-01' }), staff);
  assert.ok(asked.includes('extend') && !asked.includes('ask_extension'));
});

test('an order says until when and who; what is sealed names nobody anyway', () => {
  assert.deepEqual(stepNeeds('order'), { words: 'must', until: true, responsible: true });
  assert.deepEqual(unnamedTo('integrity'), []);
  assert.deepEqual(unnamedTo('idea'), ['to_others']);
  assert.equal(unnamedTo('hazard').length, 2);
});
