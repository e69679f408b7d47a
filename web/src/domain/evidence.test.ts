import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceText } from './evidence.ts';

test('evidence of each kind says who, what and when', () => {
  assert.equal(evidenceText({ kind: 'publicity', content: 'Tower safety', shown: null }), 'Tower safety');
  assert.equal(
    evidenceText({ group: { name: 'G' }, goal: { title: 'a' }, target: { title: 'b' }, from: 'd' }),
    'G · a · b · d',
  );
  assert.equal(
    evidenceText({ person: { name: 'P' }, mentor: { name: 'M' }, aim: 'learn', from: 'd' }),
    'P · M · learn · d',
  );
  assert.equal(evidenceText({ unheard: 1 }), '');
});
