import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOf } from './closing.ts';

const group = { id: 'g' };
const person = { id: 'x' };

test('each kind of proposal becomes the fact it speaks of, from the day given', () => {
  const act = (code: string) => actOf({ code, group, person }, 'p', '2026-12-01');
  assert.deepEqual(act('attach'), {
    do: 'attachment.add',
    fields: { project: 'p', group: 'g', from: '2026-12-01' },
  });
  assert.deepEqual(act('assign')?.fields, { project: 'p', person: 'x', from: '2026-12-01' });
  assert.equal(act('post')?.do, 'posting.add');
  assert.deepEqual(act('appoint')?.fields, {
    group: 'g',
    person: 'x',
    post: 'leader',
    from: '2026-12-01',
  });
});

test('a proposal without the one it is about, or of an unknown kind, is not carried out', () => {
  for (const code of ['attach', 'assign', 'post', 'appoint', 'new_idea']) {
    assert.equal(actOf({ code, group: null, person: null }, 'p', '2026-12-01'), null);
  }
  assert.equal(actOf({ code: 'appoint', group, person: null }, 'p', '2026-12-01'), null);
});
