import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOfHolding, progressFor, type Holding } from './holding.ts';

const holding: Holding = {
  project: 'p',
  title: ' Theme day ',
  day: '2026-11-23',
  progress: 'held',
  place: '',
  duration: '',
  record: '',
  parts: [
    { group: 'a', meeting: 'theme_day', record: ' ours ', makesUp: null },
    { group: 'b', meeting: 'safety_day', record: '', makesUp: '2026-10-05' },
  ],
};

test('one act carries the meeting and what it is for each group; the empty is left out', () => {
  assert.deepEqual(actOfHolding(holding), {
    do: 'activity.add',
    fields: { project: 'p', title: 'Theme day', day: '2026-11-23', progress: 'held' },
    parts: [
      { group: 'a', meeting: 'theme_day', record: 'ours' },
      { group: 'b', meeting: 'safety_day', makes_up: '2026-10-05' },
    ],
  });
});

test('what was typed goes along, minutes as a number', () => {
  const act = actOfHolding({ ...holding, place: ' hall ', duration: '90', record: 'all' });
  assert.equal(act?.fields.place, 'hall');
  assert.equal(act?.fields.duration, 90);
  assert.equal(act?.fields.record, 'all');
});

test('a meeting within the period it was owed for makes up for nothing', () => {
  const day = '2026-10-05';
  const parts = [{ group: 'b', meeting: 'safety_day', record: '', makesUp: day }];
  assert.deepEqual(actOfHolding({ ...holding, day, parts })?.parts, [
    { group: 'b', meeting: 'safety_day' },
  ]);
});

test('without a title or a group there is nothing to say', () => {
  assert.equal(actOfHolding({ ...holding, title: '  ' }), null);
  assert.equal(actOfHolding({ ...holding, parts: [] }), null);
});

test('today and before was held, ahead is planned', () => {
  assert.equal(progressFor('2026-11-23', '2026-11-23'), 'held');
  assert.equal(progressFor('2026-11-24', '2026-11-23'), 'planned');
});
