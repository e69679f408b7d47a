import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellLook, cellOf, monthPeriod, type YearWord } from './year.ts';

const word = (name: string, counts: [number, number][], thin = false): YearWord => ({
  name,
  thin,
  planned: counts.reduce((sum, [planned]) => sum + planned, 0),
  months: counts.map(([planned, done], at) => ({ month: at + 1, planned, done })),
});
const thought = word('thought', [
  [2, 2],
  [2, 1],
  [1, 0],
  [0, 0],
]);
const rules = word(
  'rules',
  [
    [0, 0],
    [1, 1],
    [0, 0],
    [0, 0],
  ],
  true,
);
const words = [thought, rules];

test('a cell tells how far its lines have come', () => {
  const looks = thought.months.map((cell) => cellLook(words, thought, cell));
  assert.deepEqual(looks, ['done', 'some', 'open', 'none']);
});

test('an empty month is thin only of a thin word, where others have something', () => {
  const looks = rules.months.map((cell) => cellLook(words, rules, cell));
  assert.deepEqual(looks, ['thin', 'done', 'thin', 'none']);
  const enough = { ...rules, thin: false };
  assert.equal(cellLook([thought, enough], enough, enough.months[0]!), 'none');
});

test('the address names a cell by one word and a month', () => {
  assert.equal(monthPeriod('2026', 3), '2026-03');
  assert.equal(cellOf({}, '2026'), null);
  assert.deepEqual(cellOf({ focus: 'thought', month: '03' }, '2026'), {
    focus: 'thought',
    grip: '',
    month: '2026-03',
    period: '2026-03',
  });
  assert.equal(cellOf({ grip: 'team', month: '13' }, '2026')!.period, '2026');
  assert.equal(cellOf({ focus: 'a', grip: 'b' }, '2026')!.grip, '', 'one word at a time');
});
