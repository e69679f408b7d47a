// curve.ts - two curves on one sheet: each as a share of what is wanted of it, so that days without
// an incident and towers that stand can be looked at together.

import { addDays, daysBetween } from './day.ts';

export interface Measured {
  wanted_milli: number;
  figures: readonly { day: string; value_milli: number }[];
}

export interface Point {
  day: string;
  share: number; // percent of what is wanted
  x: number; // 0 to 1, of the days of the sheet
  y: number; // 0 to 1, upwards
}

export interface Sheet {
  from: string;
  to: string;
  most: number; // percent at the upper edge
  curves: Point[][];
  lines: { share: number; y: number }[];
  days: { day: string; x: number }[];
}

const LEAST_TOP = 100;
const STEPS = [25, 50, 100, 200, 500, 1000] as const;
const LINES_MAX = 5;
const MARKS = 4; // parts that the days are divided into

const shareOf = (measured: Measured, value: number) =>
  measured.wanted_milli === 0 ? 0 : (value / measured.wanted_milli) * 100;

/** A step between lines that leaves few of them. */
function stepFor(most: number): number {
  return STEPS.find((step) => most / step <= LINES_MAX) ?? Math.ceil(most / LINES_MAX);
}

export function sheetOf(from: string, to: string, measured: readonly Measured[]): Sheet {
  const days = measured.flatMap(({ figures }) => figures.map(({ day }) => day));
  const first = [from, ...days].reduce((a, b) => (b < a ? b : a));
  const last = [to, ...days].reduce((a, b) => (b > a ? b : a));
  const length = Math.max(1, daysBetween(first, last));
  const shares = measured.flatMap((one) => one.figures.map((each) => shareOf(one, each.value_milli)));
  const highest = Math.max(LEAST_TOP, ...shares);
  const step = stepFor(highest);
  const most = Math.ceil(highest / step) * step;
  const x = (day: string) => daysBetween(first, day) / length;
  const y = (share: number) => Math.max(0, share) / most;
  return {
    from: first,
    to: last,
    most,
    curves: measured.map((one) =>
      one.figures
        .slice()
        .sort((a, b) => (a.day < b.day ? -1 : 1))
        .map(({ day, value_milli }) => {
          const share = shareOf(one, value_milli);
          return { day, share, x: x(day), y: y(share) };
        }),
    ),
    lines: Array.from({ length: most / step + 1 }, (_, at) => ({
      share: at * step,
      y: (at * step) / most,
    })),
    days: Array.from({ length: MARKS + 1 }, (_, at) => {
      const day = addDays(first, Math.round((length * at) / MARKS));
      return { day, x: x(day) };
    }).filter(({ day }, at, all) => at === 0 || day !== all[at - 1]!.day),
  };
}

/** The day, and what both sides had on it or before. */
export interface Row {
  day: string;
  values: (number | null)[]; // thousandths; null: not told on that day
  evidence: string[];
}

/** The same figures as a table, one line for each day on which anything was told. */
export function rowsOf(
  measured: readonly {
    figures: readonly { day: string; value_milli: number; evidence?: string | null }[];
  }[],
): Row[] {
  const days = [...new Set(measured.flatMap(({ figures }) => figures.map(({ day }) => day)))].sort();
  return days.map((day) => ({
    day,
    values: measured.map(
      ({ figures }) =>
        figures.filter((each) => each.day === day).slice(-1)[0]?.value_milli ?? null,
    ),
    evidence: [
      ...new Set(
        measured.flatMap(({ figures }) =>
          figures.filter((each) => each.day === day).map(({ evidence }) => evidence ?? ''),
        ),
      ),
    ].filter((text) => text !== ''),
  }));
}
