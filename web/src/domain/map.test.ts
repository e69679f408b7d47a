import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fit,
  labelsOf,
  marksOf,
  onScreen,
  pan,
  scaleBar,
  spotsOf,
  zoom,
  type Place,
} from './map.ts';

const places: Place[] = [
  { id: 'a', lat: 38.9, lon: 117.2 },
  { id: 'b', lat: 39.4, lon: 118.1 },
  { id: 'c', lat: 38.2, lon: 116.4 },
];

test('north is up and east is right', () => {
  const [a, b] = spotsOf(places) as [
    { east: number; south: number },
    { east: number; south: number },
  ];
  assert.ok(b.south < a.south);
  assert.ok(b.east > a.east);
});

test('one degree of latitude is about 111 km', () => {
  const [p, q] = spotsOf([
    { id: 'p', lat: 30, lon: 100 },
    { id: 'q', lat: 31, lon: 100 },
  ]);
  assert.ok(Math.abs(p!.south - q!.south - 111.32) < 0.01);
});

test('everything fits into the frame with its margin', () => {
  const spots = spotsOf(places);
  const frame = fit(spots, 800, 500, 40);
  for (const spot of spots) {
    const { x, y } = onScreen(spot, frame);
    assert.ok(x >= 39.9 && x <= 760.1 && y >= 39.9 && y <= 460.1);
  }
});

test('one lonely project stands in the middle at a sensible scale', () => {
  const frame = fit(spotsOf([places[0]!]), 800, 500, 40);
  assert.deepEqual(onScreen(spotsOf([places[0]!])[0]!, frame), { x: 400, y: 250 });
  assert.ok(Number.isFinite(frame.scale) && frame.scale < 1000);
});

test('zooming keeps the point under the pointer, panning moves it by the pixels given', () => {
  const spots = spotsOf(places);
  const frame = fit(spots, 800, 500, 40);
  const before = onScreen(spots[1]!, frame);
  const after = onScreen(spots[1]!, zoom(frame, 2.5, before.x, before.y, [0.01, 1000]));
  assert.ok(Math.abs(after.x - before.x) < 1e-6 && Math.abs(after.y - before.y) < 1e-6);
  const moved = onScreen(spots[1]!, pan(frame, 30, -12));
  assert.ok(Math.abs(moved.x - before.x - 30) < 1e-6 && Math.abs(moved.y - before.y + 12) < 1e-6);
});

test('no project is lost when marks are merged, and marks keep their distance', () => {
  const many: Place[] = Array.from({ length: 400 }, (_, i) => ({
    id: `p${i}`,
    lat: 30 + ((i * 7919) % 1000) / 500,
    lon: 110 + ((i * 104_729) % 1000) / 400,
  }));
  const spots = spotsOf(many);
  const marks = marksOf(spots, fit(spots, 900, 600, 40), 24);
  assert.equal(
    marks.reduce((sum, mark) => sum + mark.ids.length, 0),
    400,
  );
  for (const [i, a] of marks.entries()) {
    for (const b of marks.slice(i + 1)) {
      assert.ok((a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= 24 * 24);
    }
  }
});

test('labels stay inside the frame and off one another', () => {
  const marks = Array.from({ length: 60 }, (_, i) => ({
    x: (i * 137) % 800,
    y: (i * 71) % 500,
    ids: [`${i}`],
  }));
  const frame = { width: 800, height: 500, east: 0, south: 0, scale: 1 };
  const labels = labelsOf(
    marks,
    marks.map(() => '和风一期'),
    13,
    9,
    frame,
  );
  assert.ok(labels.length > 10 && labels.length <= 60);
  const boxes = labels.map((label) => {
    const shift = { start: 0, end: 52, middle: 26 }[label.anchor];
    return { left: label.x - shift, top: label.y - 9.1 };
  });
  for (const [i, a] of boxes.entries()) {
    assert.ok(a.left >= 0 && a.left + 52 <= 800);
    for (const b of boxes.slice(i + 1)) {
      assert.ok(Math.abs(a.left - b.left) >= 52 || Math.abs(a.top - b.top) >= 18.2);
    }
  }
});

test('the scale bar is a round number of kilometres that fits', () => {
  for (const scale of [0.013, 0.5, 3, 88, 950]) {
    const { km, pixels } = scaleBar(scale, 120);
    assert.ok(pixels <= 120 && pixels >= 47, `${scale}: ${pixels}`);
    assert.match(String(Number(km.toPrecision(3))), /^0?\.?0*[125]0*$/);
  }
});
