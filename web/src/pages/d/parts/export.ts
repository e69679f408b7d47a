// export.ts - the board or a ledger as a file: all rows of the filter, not only the page on the screen.

import type { useWords } from '@/i18n/words';
import { api, everyPage } from '@/data/api';
import type { BoardItem } from '@/data/types';
import { daily } from '@/data/daily';
import { csv } from '@/domain/csv';
import { dutyCells, heldOf } from '@/domain/duties';
import { cellText } from '@/domain/ledger';
import { OWED_STATES } from '@/domain/owed';
import { openTasks } from '@/domain/site';
import type { BoardView } from '@/domain/view';

const ROWS_MAX = 20_000;

type Words = ReturnType<typeof useWords>;

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function rowOf(item: BoardItem, { t, pick, word }: Words) {
  const said = (list: BoardItem['reasons']) => list.map(pick).join(t('board.joiner'));
  return [
    item.project.code,
    item.project.name,
    item.project.unit.name,
    item.project.place,
    item.project.from,
    item.project.to,
    word('state', item.state),
    item.group?.name,
    item.group?.distance_m ? (item.group.distance_m / 1000).toFixed(1) : '',
    item.leader?.name,
    item.people,
    item.formal,
    item.probationary,
    item.pending,
    said(item.reasons),
    said(item.advice),
  ];
}

const COLUMNS = [
  'code',
  'project',
  'unit',
  'place',
  'from',
  'to',
  'state',
  'group',
  'km',
  'leader',
  'people',
  'formal',
  'probationary',
  'pending',
  'reasons',
  'advice',
] as const;

/** Returns how many rows were written. */
export async function exportBoard(view: BoardView, on: string, words: Words): Promise<number> {
  const { items } = await everyPage(
    (page, size) => api.board({ ...view, on, page, size }),
    ROWS_MAX,
  );
  const head = COLUMNS.map((column) => words.t(`board.file.${column}`));
  const rows = items.map((item) => rowOf(item, words));
  download(`${words.t('board.file.name')}-${on}.csv`, csv([head, ...rows]));
  return items.length;
}

const LEDGER_PAGE = 200;

/** One ledger with all its rows; `about` stands in the name of the file. */
export async function exportLedger(
  ask: Omit<Parameters<typeof api.ledger>[0], 'page' | 'size'>,
  about: readonly string[],
  { t, pick }: Words,
): Promise<number> {
  const words = { pick, yes: t('ledger.yes'), no: t('ledger.no'), joiner: t('ledger.joiner') };
  const first = await api.ledger({ ...ask, page: 1, size: LEDGER_PAGE });
  const rows = first.rows.slice();
  for (let page = 2; rows.length < Math.min(first.total, ROWS_MAX); page++) {
    const part = await api.ledger({ ...ask, page, size: LEDGER_PAGE });
    if (part.rows.length === 0) break;
    rows.push(...part.rows);
  }
  const head = first.ledger.columns.map((column) => pick(column));
  const cells = rows.map((row) => row.map((cell) => cellText(cell, words)));
  const name = [pick(first.ledger), ...about].filter((part) => part).join('-');
  download(`${name.replace(/[\\/:*?"<>|\s]+/g, '_')}.csv`, csv([head, ...cells]));
  return rows.length;
}

type DutiesAsk = Omit<Parameters<typeof daily.duties>[0], 'page' | 'size'>;
type SummaryAsk = Omit<Parameters<typeof daily.summary>[0], 'page' | 'size'>;

/** What all sites owe, one row for each. */
export async function exportDuties(ask: DutiesAsk, { t, word }: Words): Promise<number> {
  const load = (page: number, size: number) => daily.duties({ ...ask, page, size });
  const { items } = await everyPage(load, ROWS_MAX);
  const head = [
    ...(['code', 'project', 'unit'] as const).map((column) => t(`board.file.${column}`)),
    t('duties.owed'),
    ...OWED_STATES.map((state) => word('owed', state)),
  ];
  const rows = items.map(({ project, counts, kinds }) => {
    const shown = kinds.find(({ kind }) => kind === ask.kind)?.counts ?? counts;
    const cells = dutyCells(shown).map(({ count }) => count);
    return [project.code, project.name, project.unit.name, shown.owed ?? 0, ...cells];
  });
  download(`${t('duties.title')}-${ask.period}.csv`, csv([head, ...rows]));
  return items.length;
}

/** Coverage, obligations and tasks of all sites, one row for each. */
export async function exportSummary(ask: SummaryAsk, { t, word }: Words): Promise<number> {
  const load = (page: number, size: number) => daily.summary({ ...ask, page, size });
  const { items } = await everyPage(load, ROWS_MAX);
  const head = [
    ...(['project', 'unit', 'state'] as const).map((column) => t(`board.file.${column}`)),
    t('duties.owed'),
    t('duties.heldOnly'),
    t('duties.overdue'),
    t('duties.tasksOpen'),
    t('duties.tasksOverdue'),
    t('duties.climbed'),
  ];
  const rows = items.map(({ project, unit, coverage, obligations, tasks }) => [
    project.name,
    unit.name,
    word('state', coverage),
    obligations.owed ?? 0,
    heldOf(obligations),
    obligations.overdue ?? 0,
    openTasks(tasks),
    tasks.overdue ?? 0,
    tasks.climbed ?? 0,
  ]);
  download(`${t('duties.summary')}-${ask.period}.csv`, csv([head, ...rows]));
  return items.length;
}
