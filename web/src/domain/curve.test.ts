import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf, sheetOf } from './curve.ts';

const goal = {
  wanted_milli: 120_000,
  figures: [
    { day: '2026-11-12', value_milli: 60_000, evidence: '检查记录' },
    { day: '2026-10-29', value_milli: 30_000, evidence: '' },
  ],
};
const target = { wanted_milli: 50_000, figures: [{ day: '2026-10-29', value_milli: 50_000 }] };

test('each curve is a share of what is wanted of it, in the order of the days', () => {
  const sheet = sheetOf('2026-10-15', '2027-01-03', [goal, target]);
  assert.deepEqual(
    sheet.curves[0]!.map(({ day, share, y }) => [day, share, y]),
    [
      ['2026-10-29', 25, 0.25],
      ['2026-11-12', 50, 0.5],
    ],
  );
  assert.equal(sheet.curves[1]![0]!.share, 100);
  assert.equal(sheet.curves[0]![0]!.x, 14 / 80);
  assert.equal(sheet.most, 100);
  assert.deepEqual(
    sheet.lines.map(({ share }) => share),
    [0, 25, 50, 75, 100],
  );
  assert.deepEqual([sheet.days[0]!.day, sheet.days.at(-1)!.day], ['2026-10-15', '2027-01-03']);
});

test('what goes beyond the goal or the days makes the sheet larger', () => {
  const beyond = { wanted_milli: 1000, figures: [{ day: '2027-02-01', value_milli: 2300 }] };
  const sheet = sheetOf('2026-10-15', '2027-01-03', [beyond]);
  assert.equal(sheet.to, '2027-02-01');
  assert.equal(sheet.most, 250);
  assert.equal(sheet.curves[0]![0]!.x, 1);
  assert.ok(sheet.curves[0]![0]!.y < 1);
});

test('nothing wanted, nothing told, one day only: still a sheet', () => {
  const none = { wanted_milli: 0, figures: [{ day: '2026-10-15', value_milli: 5 }] };
  const sheet = sheetOf('2026-10-15', '2026-10-15', [none, { wanted_milli: 1, figures: [] }]);
  assert.equal(sheet.curves[0]![0]!.share, 0);
  assert.deepEqual(sheet.curves[1], []);
  for (const { x } of sheet.days) assert.ok(x >= 0 && x <= 1);
  assert.ok(sheet.lines.every(({ y }) => y >= 0 && y <= 1));
});

test('a loss is drawn at the bottom and told as it is', () => {
  const sheet = sheetOf('2026-10-15', '2026-10-20', [
    { wanted_milli: 1000, figures: [{ day: '2026-10-16', value_milli: -500 }] },
  ]);
  assert.equal(sheet.curves[0]![0]!.y, 0);
  assert.equal(sheet.curves[0]![0]!.share, -50);
});

test('the table has one line for each day, and nothing where nothing was told', () => {
  assert.deepEqual(rowsOf([goal, target]), [
    { day: '2026-10-29', values: [30_000, 50_000], evidence: [] },
    { day: '2026-11-12', values: [60_000, null], evidence: ['检查记录'] },
  ]);
  assert.deepEqual(rowsOf([]), []);
});
