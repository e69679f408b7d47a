import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedWords, checkSaid, checksInOrder, gravityOf } from './briefing.ts';

test('the gravest level is 5 in one numbering and 1 in the other', () => {
  assert.equal(gravityOf('sgcc_176_2015', 5), 5);
  assert.equal(gravityOf('sgcc_176_2015', 1), 1);
  assert.equal(gravityOf('qgdw_12152_2021', 1), 5);
  assert.equal(gravityOf('qgdw_12152_2021', 5), 1);
  assert.equal(gravityOf('qgdw_12152_2021', 3), gravityOf('sgcc_176_2015', 3));
});

const mended = { id: 'c1', item: 'harness', found: 'mended' };
const open = { id: null, item: 'tools', found: null };

test('the rest in order says nothing about a line that was checked', () => {
  assert.deepEqual(checksInOrder('b1', [mended, open]), [
    { do: 'check.add', fields: { briefing: 'b1', item: 'tools', found: 'in_order' } },
  ]);
  assert.deepEqual(checksInOrder('b1', [mended]), []);
});

test('a line is added once and changed from then on; an empty note is not sent', () => {
  assert.deepEqual(checkSaid('b1', open, 'mended', ' new rope '), {
    do: 'check.add',
    fields: { briefing: 'b1', item: 'tools', found: 'mended', note: 'new rope' },
  });
  assert.deepEqual(checkSaid('b1', mended, 'in_order', ' '), {
    do: 'check.change',
    id: 'c1',
    fields: { found: 'in_order' },
  });
});

test('only what is said differently is sent', () => {
  const before = { task: 'tower 17', safety: 'harness', risk: '' };
  assert.deepEqual(changedWords(before, { ...before, task: 'tower 18' }), { task: 'tower 18' });
  assert.deepEqual(changedWords(before, before), {});
  assert.deepEqual(changedWords({}, { task: 'a', technique: '' }), { task: 'a' });
});
