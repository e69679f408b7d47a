import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardQuery, boardView, dayOf, isFiltered, noDayOf, type BoardView } from './view.ts';

test('the plain address is the default view and the default view is the plain address', () => {
  assert.deepEqual(boardQuery(boardView({})), {});
});

test('every view comes back from its own address', () => {
  for (const on of [null, '2026-03-03'])
    for (const unit of ['', 'u-1'])
      for (const state of ['', 'uncovered', 'own_group'] as const)
        for (const attention of [true, false])
          for (const q of ['', '和风 &=?#'])
            for (const page of [1, 7])
              for (const size of [50, 200])
                for (const map of [true, false]) {
                  const view: BoardView = { on, unit, state, attention, q, page, size, map };
                  assert.deepEqual(boardView(boardQuery(view)), view);
                }
});

test('an address written by hand cannot break the view', () => {
  const view = boardView({
    on: '2026-02-31',
    state: 'nonsense',
    page: '-4',
    size: '7',
    q: 'x'.repeat(999),
  });
  assert.equal(view.on, null);
  assert.equal(view.state, '');
  assert.equal(view.page, 1);
  assert.equal(view.size, 50);
  assert.equal(view.q.length, 80);
});

test('an address with no such day says so, and one without a day does not', () => {
  for (const on of ['2026-99-99', '2500-01-01', 'tomorrow']) {
    assert.equal(noDayOf({ on }), on);
    assert.equal(dayOf({ on }), null);
  }
  for (const on of ['2026-03-03', '', undefined]) assert.equal(noDayOf({ on }), '');
});

test('a day, a page or the map are not filters', () => {
  assert.ok(!isFiltered(boardView({ on: '2026-03-03', page: '2', view: 'map' })));
  assert.ok(isFiltered(boardView({ attention: '1' })));
});
