// map.ts - where things stand on the schematic map: kilometres from the middle, groups of marks
// that would cover one another, and labels that do not overlap. It draws nothing and knows no
// screen.

export interface Place {
  id: string;
  lat: number;
  lon: number;
}

export interface Spot {
  id: string;
  east: number; // kilometres
  south: number;
}

export interface Frame {
  width: number; // pixels
  height: number;
  east: number; // kilometres at the middle of the frame
  south: number;
  scale: number; // pixels per kilometre
}

const KM_PER_DEGREE = 111.32;
const SPAN_KM_MIN = 4;

export function spotsOf(places: readonly Place[]): Spot[] {
  if (places.length === 0) return [];
  const lats = places.map((place) => place.lat);
  const lons = places.map((place) => place.lon);
  const midLat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const midLon = (Math.min(...lons) + Math.max(...lons)) / 2;
  const narrowing = Math.cos((midLat * Math.PI) / 180);
  return places.map((place) => ({
    id: place.id,
    east: (place.lon - midLon) * KM_PER_DEGREE * narrowing,
    south: (midLat - place.lat) * KM_PER_DEGREE,
  }));
}

/** The frame that shows all of `spots` with `margin` pixels around them. */
export function fit(spots: readonly Spot[], width: number, height: number, margin: number): Frame {
  if (spots.length === 0) return { width, height, east: 0, south: 0, scale: 1 };
  const easts = spots.map((spot) => spot.east);
  const souths = spots.map((spot) => spot.south);
  const left = Math.min(...easts);
  const right = Math.max(...easts);
  const top = Math.min(...souths);
  const bottom = Math.max(...souths);
  const spanX = Math.max(right - left, SPAN_KM_MIN);
  const spanY = Math.max(bottom - top, SPAN_KM_MIN);
  const roomX = Math.max(width - 2 * margin, 40);
  const roomY = Math.max(height - 2 * margin, 40);
  return {
    width,
    height,
    east: (left + right) / 2,
    south: (top + bottom) / 2,
    scale: Math.min(roomX / spanX, roomY / spanY),
  };
}

export function onScreen(spot: Spot, frame: Frame): { x: number; y: number } {
  return {
    x: (spot.east - frame.east) * frame.scale + frame.width / 2,
    y: (spot.south - frame.south) * frame.scale + frame.height / 2,
  };
}

/** Zooms by `factor`, keeping what is under the pixel (x, y) where it is. */
export function zoom(
  frame: Frame,
  factor: number,
  x: number,
  y: number,
  limits: [number, number],
): Frame {
  const scale = Math.min(Math.max(frame.scale * factor, limits[0]), limits[1]);
  const dx = x - frame.width / 2;
  const dy = y - frame.height / 2;
  return {
    ...frame,
    scale,
    east: frame.east + dx / frame.scale - dx / scale,
    south: frame.south + dy / frame.scale - dy / scale,
  };
}

export function pan(frame: Frame, dx: number, dy: number): Frame {
  return {
    ...frame,
    east: frame.east - dx / frame.scale,
    south: frame.south - dy / frame.scale,
  };
}

export interface Mark {
  x: number;
  y: number;
  ids: string[];
}

/** Marks nearer to one another than `reach` pixels become one, in the order given. */
export function marksOf(spots: readonly Spot[], frame: Frame, reach: number): Mark[] {
  const cells = new Map<string, Mark[]>();
  const marks: Mark[] = [];
  for (const spot of spots) {
    const { x, y } = onScreen(spot, frame);
    const column = Math.floor(x / reach);
    const row = Math.floor(y / reach);
    let home: Mark | undefined;
    for (let i = -1; i <= 1 && !home; i++) {
      for (let j = -1; j <= 1 && !home; j++) {
        home = cells
          .get(`${column + i},${row + j}`)
          ?.find((mark) => (mark.x - x) ** 2 + (mark.y - y) ** 2 < reach * reach);
      }
    }
    if (home) {
      home.ids.push(spot.id);
      continue;
    }
    const mark = { x, y, ids: [spot.id] };
    marks.push(mark);
    const key = `${column},${row}`;
    const cell = cells.get(key);
    if (cell) cell.push(mark);
    else cells.set(key, [mark]);
  }
  return marks;
}

export interface Label {
  index: number;
  x: number;
  y: number;
  anchor: 'start' | 'end' | 'middle';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const overlap = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** How wide a text is, roughly: an ideograph fills its square, a letter a bit more than half. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += character.charCodeAt(0) > 0x2e7f ? 1 : 0.58;
  return ems * size;
}

/** Places for the labels that fit, first come first served; the others are left out. */
export function labelsOf(
  marks: readonly Mark[],
  texts: readonly string[],
  size: number,
  radius: number,
  frame: Frame,
): Label[] {
  const taken: Box[] = marks.map((mark) => ({
    left: mark.x - radius,
    right: mark.x + radius,
    top: mark.y - radius,
    bottom: mark.y + radius,
  }));
  const labels: Label[] = [];
  marks.forEach((mark, index) => {
    const width = textWidth(texts[index] ?? '', size);
    const gap = radius + 5;
    const choices: Label[] = [
      { index, x: mark.x + gap, y: mark.y, anchor: 'start' },
      { index, x: mark.x - gap, y: mark.y, anchor: 'end' },
      { index, x: mark.x, y: mark.y - gap - size / 2, anchor: 'middle' },
      { index, x: mark.x, y: mark.y + gap + size / 2, anchor: 'middle' },
    ];
    for (const label of choices) {
      const shift = label.anchor === 'start' ? 0 : label.anchor === 'end' ? width : width / 2;
      const left = label.x - shift;
      const box = {
        left,
        right: left + width,
        top: label.y - size * 0.7,
        bottom: label.y + size * 0.7,
      };
      const inside =
        box.left >= 2 &&
        box.right <= frame.width - 2 &&
        box.top >= 2 &&
        box.bottom <= frame.height - 2;
      if (!inside || taken.some((other, at) => at !== index && overlap(box, other))) continue;
      taken.push(box);
      labels.push(label);
      return;
    }
  });
  return labels;
}

/** A round number of kilometres whose bar is between half of `room` and `room` pixels long. */
export function scaleBar(scale: number, room: number): { km: number; pixels: number } {
  const km = room / scale;
  const power = 10 ** Math.floor(Math.log10(km));
  const step = [5, 2, 1].find((candidate) => candidate * power <= km) ?? 1;
  return { km: step * power, pixels: step * power * scale };
}
