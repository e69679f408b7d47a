import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellText, type LedgerCell } from './ledger.ts';

const words = { pick: (said: { en: string }) => said.en, yes: 'yes', no: 'no', joiner: ', ' };
const text = (cell: LedgerCell | undefined) => cellText(cell, words);

test('each sort of cell has its text', () => {
  assert.equal(text(null), '');
  assert.equal(text(undefined), '');
  assert.equal(text('2026-11-14'), '2026-11-14');
  assert.equal(text(0), '0');
  assert.equal(text(false), 'no');
  assert.equal(text({ name: 'theme_day', zh: 'x', en: 'theme day' }), 'theme day');
  assert.equal(text({ name: 'Crew one' }), 'Crew one');
});

test('a list names each once: a group may hold two meetings in one sitting', () => {
  assert.equal(text([{ name: 'A' }, { name: 'B' }, { name: 'A' }, null]), 'A, B');
  assert.equal(text([]), '');
});
