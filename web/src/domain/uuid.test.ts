import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newCommandId, uuidv7 } from './uuid.ts';

test('the time stands in the first 48 bits, version and variant where RFC 9562 wants them', () => {
  const id = uuidv7(0x017f22e279b0, new Uint8Array(10).fill(0xff));
  assert.equal(id, '017f22e2-79b0-7fff-bfff-ffffffffffff');
});

test('ids made later sort later', () => {
  const random = new Uint8Array(10);
  assert.ok(uuidv7(1_700_000_000_000, random) < uuidv7(1_700_000_000_001, random));
});

test('two ids are never the same', () => {
  const ids = new Set(Array.from({ length: 2000 }, newCommandId));
  assert.equal(ids.size, 2000);
});
