// ledger.ts - the cells of a ledger as text, in the language of the reader.

export interface LedgerName {
  name: string;
}
export interface LedgerChoice extends LedgerName {
  zh: string;
  en: string;
}
export type LedgerCell =
  | null
  | boolean
  | number
  | string
  | LedgerName
  | LedgerChoice
  | readonly LedgerCell[];

export interface CellWords {
  pick: (said: { zh: string; en: string }) => string;
  yes: string;
  no: string;
  joiner: string;
}

export function cellText(cell: LedgerCell | undefined, words: CellWords): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? words.yes : words.no;
  if (typeof cell !== 'object') return String(cell);
  if (Array.isArray(cell)) {
    const texts = cell.map((each: LedgerCell) => cellText(each, words)).filter((text) => text);
    return [...new Set(texts)].join(words.joiner);
  }
  const thing = cell as LedgerName | LedgerChoice;
  return 'zh' in thing ? words.pick(thing) : thing.name;
}
