import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitTree } from './units.ts';

const unit = (id: string, parent: string | null) => ({ id, name: id, parent });

test('children stand below their parent, one step in', () => {
  const tree = unitTree([unit('b', 'a'), unit('a', null), unit('c', 'b')]);
  assert.deepEqual(
    tree.map((line) => [line.id, line.depth]),
    [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ],
  );
});

test('a unit whose parent is not here is not lost', () => {
  assert.deepEqual(
    unitTree([unit('x', 'elsewhere')]).map((line) => line.depth),
    [0],
  );
});

test('units that name one another as parents are listed once and end', () => {
  const tree = unitTree([unit('a', 'b'), unit('b', 'a'), unit('c', null)]);
  assert.deepEqual(tree.map((line) => line.id).sort(), ['a', 'b', 'c']);
});
