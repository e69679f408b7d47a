import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  firstDay,
  isFirst,
  isLast,
  isPeriod,
  lastDay,
  periodOf,
  resized,
  spanKind,
  step,
} from './period.ts';

test('a period is a year or a month of the calendar the server knows', () => {
  for (const good of ['1900', '2026', '2026-02', '2199-12']) assert.ok(isPeriod(good), good);
  for (const bad of ['', '26', '2026-13', '2026-00', '2026-1', '1899', '2200', '2026-11-01', null])
    assert.ok(!isPeriod(bad), String(bad));
});

test('a period ends the day before the next begins', () => {
  assert.equal(firstDay('2026'), '2026-01-01');
  assert.equal(lastDay('2026'), '2026-12-31');
  assert.equal(lastDay('2024-02'), '2024-02-29');
  assert.equal(lastDay('2026-02'), '2026-02-28');
  assert.equal(lastDay('2199-12'), '2199-12-31');
});

test('steps go over the turn of the year', () => {
  assert.equal(step('2026-12', 1), '2027-01');
  assert.equal(step('2026-01', -1), '2025-12');
  assert.equal(step('2026', -1), '2025');
  assert.ok(isFirst('1900-01') && isFirst('1900') && !isFirst('1900-02'));
  assert.ok(isLast('2199-12') && isLast('2199') && !isLast('2199-11'));
});

test('the other size keeps the time that is looked at', () => {
  assert.equal(resized('2026-03', 'year', '2026-11-23'), '2026');
  assert.equal(resized('2026', 'month', '2026-11-23'), '2026-11');
  assert.equal(resized('2025', 'month', '2026-11-23'), '2025-01');
  assert.equal(resized('2025', 'year', '2026-11-23'), '2025');
});

test('an address without a period, or with none that is one, means the month of the day', () => {
  assert.equal(periodOf({ period: '2025' }, '2026-11-23'), '2025');
  assert.equal(periodOf({ period: '2025-99' }, '2026-11-23'), '2026-11');
  assert.equal(periodOf({}, '2026-11-23'), '2026-11');
});

test('a stretch is called by its day, month or year where it is one', () => {
  assert.equal(spanKind('2026-11-02', '2026-11-02'), 'day');
  assert.equal(spanKind('2026-11-01', '2026-11-30'), 'month');
  assert.equal(spanKind('2026-01-01', '2026-12-31'), 'year');
  assert.equal(spanKind('2026-10-26', '2026-11-01'), 'other');
  assert.equal(spanKind('2026-10-01', '2026-12-31'), 'other');
  assert.equal(spanKind('2026-11-01', null), 'other');
});
