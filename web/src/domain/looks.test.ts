import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOK_SETS, looksIn } from './looks.ts';

test('within a set no two states look the same, and nearly all differ in shape alone', () => {
  for (const [name, set] of Object.entries(LOOK_SETS)) {
    if (name === 'signal') continue; // three courses share it; each is held apart in signals.test.ts
    const all = Object.values(set);
    const looks = new Set(all.map(({ tone, shape }) => `${tone} ${shape}`));
    assert.equal(looks.size, all.length, name);
    const shapes = new Set(all.map(({ shape }) => shape));
    assert.ok(shapes.size >= all.length - 2, `${name}: ${shapes.size} shapes`);
  }
});

test('a state of a later version is neutral', () => {
  assert.deepEqual(looksIn('task', 'new'), { tone: 'none', shape: 'dash' });
  assert.deepEqual(looksIn('state', 'new'), { tone: 'none', shape: 'dash' });
});
