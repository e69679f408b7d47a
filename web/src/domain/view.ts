// view.ts - what somebody is looking at, as part of the address. A link sent to a colleague shows
// the same rows on the same day; what is left at its default stays out of the address.

import { isCoverageState, type CoverageState } from './coverage.ts';
import { isDay } from './day.ts';

export const PAGE_SIZES = [25, 50, 100, 200] as const;
const PAGE_SIZE = 50;
const QUERY_CHARACTERS_MAX = 80;

export type Query = Record<string, string | null | undefined | (string | null)[]>;

export interface BoardView {
  on: string | null; // null: today at the node
  unit: string;
  state: CoverageState | '';
  attention: boolean;
  q: string;
  page: number;
  size: number;
  map: boolean;
}

export function one(query: Query, name: string): string {
  const value = query[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}

export function dayOf(query: Query): string | null {
  const on = one(query, 'on');
  return isDay(on) ? on : null;
}

/** What the address says instead of a day; empty when it names a day, or none. */
export function noDayOf(query: Query): string {
  return dayOf(query) === null ? one(query, 'on').slice(0, QUERY_CHARACTERS_MAX) : '';
}

export function pageOf(query: Query): number {
  const page = Number(one(query, 'page'));
  return Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1;
}

export function boardView(query: Query): BoardView {
  const state = one(query, 'state');
  const size = Number(one(query, 'size'));
  return {
    on: dayOf(query),
    unit: one(query, 'unit'),
    state: isCoverageState(state) ? state : '',
    attention: one(query, 'attention') === '1',
    q: one(query, 'q').slice(0, QUERY_CHARACTERS_MAX),
    page: pageOf(query),
    size: (PAGE_SIZES as readonly number[]).includes(size) ? size : PAGE_SIZE,
    map: one(query, 'view') === 'map',
  };
}

export function boardQuery(view: BoardView): Record<string, string> {
  const query: Record<string, string> = {};
  if (view.on) query.on = view.on;
  if (view.attention) query.attention = '1';
  if (view.unit) query.unit = view.unit;
  if (view.state) query.state = view.state;
  if (view.q) query.q = view.q;
  if (view.page > 1) query.page = String(view.page);
  if (view.size !== PAGE_SIZE) query.size = String(view.size);
  if (view.map) query.view = 'map';
  return query;
}

export function isFiltered(view: BoardView): boolean {
  return view.attention || view.unit !== '' || view.state !== '' || view.q !== '';
}
