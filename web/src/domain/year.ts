// year.ts - the frame of a year: focuses or grips by months, and which of its cells are thin.

export interface YearCell {
  month: number; // 1 to 12
  planned: number;
  done: number;
}

export interface YearWord {
  name: string;
  planned: number;
  thin: boolean;
  months: readonly YearCell[];
}

export type CellLook = 'none' | 'thin' | 'open' | 'some' | 'done';

/** A month without a line is thin where its word has the fewest of the year and others have some in
 *  that month; otherwise it is only empty. */
export function cellLook(words: readonly YearWord[], word: YearWord, cell: YearCell): CellLook {
  if (cell.planned === 0) {
    const others = words.some(
      (other) =>
        other.name !== word.name &&
        other.months.some(({ month, planned }) => month === cell.month && planned > 0),
    );
    return word.thin && others ? 'thin' : 'none';
  }
  if (cell.done === 0) return 'open';
  return cell.done >= cell.planned ? 'done' : 'some';
}

/** "2026-03" for the third month of a year. */
export const monthPeriod = (year: string, month: number) =>
  `${year.slice(0, 4)}-${String(month).padStart(2, '0')}`;

export interface CellAsk {
  focus: string;
  grip: string;
  month: string; // "2026-03"; empty: the whole year
}

const MONTH = /^(0[1-9]|1[0-2])$/;

/** The cell that the address names, of a year; null when it names none. */
export function cellOf(
  query: Record<string, unknown>,
  year: string,
): (CellAsk & { period: string }) | null {
  const text = (name: string) => (typeof query[name] === 'string' ? (query[name] as string) : '');
  const focus = text('focus');
  const grip = text('grip');
  if (!focus && !grip) return null;
  const month = MONTH.test(text('month')) ? `${year.slice(0, 4)}-${text('month')}` : '';
  return { focus, grip: focus ? '' : grip, month, period: month || year.slice(0, 4) };
}
