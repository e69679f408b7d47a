import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices } from '../data/vocab.ts';
import { MEETINGS_OF } from './holding.ts';
import { countStates, openOn, owedByGroup, owedState, OWED_LOOKS, OWED_STATES } from './owed.ts';

const group = { id: 'g', name: 'G' };
const owed = (meeting: string, from: string, to: string, state: string, breach: string | null = null) => ({
  group,
  kind: 'party',
  meeting,
  from,
  to,
  state,
  breach,
});

test('what is wanted generally does not conform when overdue; anything else is overdue', () => {
  assert.equal(owedState(owed('m', 'a', 'b', 'overdue', 'not_conforming')), 'not_conforming');
  assert.equal(owedState(owed('m', 'a', 'b', 'overdue', 'violation')), 'overdue');
  assert.equal(owedState(owed('m', 'a', 'b', 'overdue')), 'overdue');
  assert.equal(owedState(owed('m', 'a', 'b', 'done')), 'done');
});

test('no two states look the same', () => {
  const looks = OWED_STATES.map((state) => `${OWED_LOOKS[state].tone} ${OWED_LOOKS[state].shape}`);
  assert.equal(new Set(looks).size, OWED_STATES.length);
  const shapes = new Set(OWED_STATES.map((state) => OWED_LOOKS[state].shape));
  assert.ok(shapes.size >= OWED_STATES.length - 1, 'a shape says more than a colour');
});

test('groups and meetings stay in order, states worst first, nothing is lost', () => {
  const other = { ...owed('t', '2026-11-02', '2026-11-02', 'due'), group: { id: 'h', name: 'H' } };
  const items = [
    owed('a', '2026-11-01', '2026-11-30', 'done'),
    owed('b', '2026-11-01', '2026-11-30', 'due'),
    owed('a', '2026-12-01', '2026-12-31', 'overdue'),
    other,
  ];
  const groups = owedByGroup(items);
  assert.deepEqual(
    groups.map((each) => [each.group.id, each.lines.map((line) => line.meeting)]),
    [
      ['g', ['a', 'b']],
      ['h', ['t']],
    ],
  );
  assert.deepEqual(groups[0]!.lines[0]!.counts, [
    { state: 'overdue', count: 1 },
    { state: 'done', count: 1 },
  ]);
  const total = groups.flatMap((each) => each.lines.flatMap((line) => line.items)).length;
  assert.equal(total, items.length);
});

test('a state of a later version is counted, after all others', () => {
  assert.deepEqual(countStates([owed('a', '', '', 'new'), owed('a', '', '', 'done')]), [
    { state: 'done', count: 1 },
    { state: 'new', count: 1 },
  ]);
});

test('what is open on a day is what its period holds and nobody has done', () => {
  const items = [
    owed('a', '2026-11-01', '2026-11-30', 'due'),
    owed('b', '2026-11-01', '2026-11-30', 'done'),
    owed('c', '2026-10-01', '2026-10-31', 'overdue'),
  ];
  const open = (day: string) => openOn(items, 'g', day).map(({ meeting }) => meeting);
  assert.deepEqual(open('2026-11-30'), ['a']);
  assert.deepEqual(open('2026-11-01'), ['a']);
  assert.deepEqual(open('2026-10-31'), ['c']);
  assert.deepEqual(openOn(items, 'h', '2026-11-30'), []);
});

test('every kind of meeting is held by exactly one kind of group', () => {
  const listed = Object.values(MEETINGS_OF).flat().sort();
  const known = choices.meeting.map(({ name }) => name).sort();
  assert.deepEqual(listed, known);
});
