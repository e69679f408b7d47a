// csv.ts - a list as CSV that a spreadsheet opens without being tricked. A cell that begins like a
// formula gets an apostrophe in front; the mark of byte order makes Excel read it as UTF-8.

const FORMULA = /^[=+\-@\t\r\n|%＝＋－＠]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

export type Cell = string | number | null | undefined;

export function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  let text = String(cell);
  if (FORMULA.test(text) && !PLAIN_NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function csv(rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}
