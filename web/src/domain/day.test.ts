import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, daysBetween, formatDay, isDay } from './day.ts';

test('a day is a real calendar day in one notation', () => {
  for (const good of ['2024-02-29', '1900-01-01', '2199-12-31']) assert.ok(isDay(good), good);
  for (const bad of [
    '2026-02-29',
    '2026-2-9',
    '2026/02/09',
    '',
    undefined,
    20260209,
    '2026-13-01',
    '1899-12-31',
    '2200-01-01',
  ]) {
    assert.ok(!isDay(bad), String(bad));
  }
});

test('adding days crosses months, years and leap days', () => {
  assert.equal(addDays('2024-02-28', 1), '2024-02-29');
  assert.equal(addDays('2026-12-31', 1), '2027-01-01');
  assert.equal(addDays('2026-01-01', -1), '2025-12-31');
});

test('days between is the inverse of adding days', () => {
  for (let n = -800; n <= 800; n += 37) {
    assert.equal(daysBetween('2026-11-22', addDays('2026-11-22', n)), n);
  }
});

test("a long day names its weekday in the reader's language", () => {
  assert.match(formatDay('2026-11-22', 'zh-CN', 'long'), /周日/);
  assert.match(formatDay('2026-11-22', 'en', 'long'), /Sun/);
});
