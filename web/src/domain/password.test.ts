import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordCountMin } from './password.ts';

test('a site leader needs ten characters', () => {
  assert.equal(passwordCountMin(['leader', 'worker']), 10);
});

test('one role that may do more asks for twelve', () => {
  assert.equal(passwordCountMin(['leader', 'staff']), 12);
  assert.equal(passwordCountMin(['a_role_of_a_later_version']), 12);
});
