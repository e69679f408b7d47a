import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aroundDay, openTasks, TALK, talksOf, urgentLines } from './site.ts';

const crew = (id: string) => ({ id, name: `crew ${id}` });

test('a meeting that two groups owe on one day is one line, and no other is joined to it', () => {
  const talk = { meeting: 'pre_shift_talk', state: 'overdue' };
  const lines = urgentLines([
    { ...talk, group: crew('1'), due: '2026-11-02' },
    { ...talk, group: crew('2'), due: '2026-11-02' },
    { ...talk, group: crew('1'), due: '2026-11-03' },
    { ...talk, group: crew('1'), due: '2026-11-02', state: 'due' },
    { ...talk, group: crew('1'), due: '2026-11-02', meeting: 'safety_day' },
  ]);
  assert.deepEqual(
    lines.map(({ groups }) => groups.length),
    [2, 1, 1, 1],
  );
  assert.deepEqual(
    lines[0]!.groups.map(({ id }) => id),
    ['1', '2'],
  );
});

test('today comes first even when it is empty; the rest is as near as can be', () => {
  const days = ['2026-11-20', '2026-11-22', '2026-12-05', '2026-11-25'];
  const parts = aroundDay(
    days.map((day) => ({ day })),
    '2026-11-23',
  );
  assert.deepEqual(
    parts.map(({ when, items }) => [when, ...items.map(({ day }) => day)]),
    [
      ['today'],
      ['ahead', '2026-11-25', '2026-12-05'],
      ['before', '2026-11-22', '2026-11-20'],
    ],
  );
  assert.deepEqual(aroundDay([], '2026-11-23'), [{ when: 'today', items: [] }]);
});

test('what was reported, passed, assessed or withdrawn is not open', () => {
  const counts = { deployed: 1, accepted: 2, reported: 3, rework: 4, passed: 9, overdue: 7 };
  assert.equal(openTasks(counts), 7);
  assert.equal(openTasks({}), 0);
});

test('a crew has had its talk when one of that day names it, and not when it was called off', () => {
  const talk = (id: string, day: string, group: string, progress = 'held', meeting = TALK) => ({
    id,
    day,
    progress,
    parts: [{ group: { id: group }, meeting }],
  });
  const talks = talksOf(
    [crew('1'), crew('2'), crew('3'), crew('4')],
    [
      talk('yesterday', '2026-11-22', '1'),
      talk('today', '2026-11-23', '1'),
      talk('off', '2026-11-23', '2', 'cancelled'),
      talk('other', '2026-11-23', '3', 'held', 'safety_day'),
      talk('planned', '2026-11-23', '4', 'planned'),
    ],
    '2026-11-23',
  );
  assert.deepEqual(
    talks.map(({ activity }) => activity?.id ?? null),
    ['today', null, null, 'planned'],
  );
});
