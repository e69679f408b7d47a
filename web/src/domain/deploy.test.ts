import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployWish, lacksOf, undoActs, type Draft } from './deploy.ts';

const draft: Draft = {
  title: ' 立塔专项检查 ',
  goal: 'safety',
  theme: '',
  unit: 'u1',
  mode: 'common',
  kinds: ['party', 'crew'],
  where: 'unit',
  of: 'u2',
  projects: [],
  doneWhen: '逐基有检查表',
  due: '2026-12-01',
  weight: 3,
};

test('a complete draft lacks nothing, and is due today at the earliest', () => {
  assert.deepEqual(lacksOf(draft, '2026-11-23'), []);
  assert.deepEqual(lacksOf(draft, '2026-12-01'), []);
  assert.deepEqual(lacksOf(draft, '2026-12-02'), ['due']);
});

test('what is missing is told in the order of the form', () => {
  const empty: Draft = {
    ...draft,
    title: ' ',
    goal: '',
    unit: '',
    kinds: [],
    of: '',
    doneWhen: '',
    due: '2026-13-01',
    weight: 0,
  };
  assert.deepEqual(lacksOf(empty, '2026-11-23'), [
    'title',
    'goal',
    'unit',
    'kinds',
    'projects',
    'done_when',
    'due',
    'weight',
  ]);
});

test('a weight is a whole number from 1 to 10', () => {
  for (const weight of [1, 10]) assert.deepEqual(lacksOf({ ...draft, weight }, draft.due), []);
  for (const weight of [0, 11, 2.5, Number.NaN])
    assert.deepEqual(lacksOf({ ...draft, weight }, draft.due), ['weight']);
});

test('projects that are named must be some', () => {
  const named: Draft = { ...draft, where: 'named' };
  assert.deepEqual(lacksOf(named, draft.due), ['projects']);
  assert.deepEqual(lacksOf({ ...named, projects: ['p1'] }, draft.due), []);
});

test('only what was said is sent', () => {
  assert.deepEqual(deployWish(draft), {
    do: 'item.deploy',
    unit: 'u2',
    fields: {
      title: '立塔专项检查',
      unit: 'u1',
      goal: 'safety',
      mode: 'common',
      done_when: '逐基有检查表',
      due: '2026-12-01',
      weight: 3,
      for_party: true,
      for_crew: true,
    },
  });
  const named = deployWish({ ...draft, where: 'named', projects: ['b', 'a'], theme: '防高坠' });
  assert.deepEqual(named.projects, ['a', 'b']);
  assert.equal(named.unit, undefined);
  assert.equal(named.fields.theme, '防高坠');
});

test('a deployment is taken back whole, and only while nobody has acted', () => {
  const still = { id: 't1', courses: [{ last: null }, { last: null }] };
  const acted = { id: 't2', courses: [{ last: null }, { last: 's1' }] };
  assert.deepEqual(undoActs('i', [still], 1), [
    { do: 'task.void', id: 't1' },
    { do: 'item.void', id: 'i' },
  ]);
  assert.deepEqual(undoActs('i', [still, acted], 2), []);
  assert.deepEqual(undoActs('i', [still], 2), [], 'some of its tasks are not known');
  const many = Array.from({ length: 500 }, (_, at) => ({ ...still, id: String(at) }));
  assert.equal(undoActs('i', many.slice(1), 499).length, 500);
  assert.deepEqual(undoActs('i', many, 500), [], 'more than one request may hold');
});
