import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv, csvCell } from './csv.ts';

test('a cell that begins like a formula is made text', () => {
  for (const bad of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1', '|cmd', '%0A']) {
    const cell = csvCell(bad).replace(/^"/, '');
    assert.ok(cell.startsWith("'"), JSON.stringify(bad));
  }
});

test('a negative number stays a number', () => {
  assert.equal(csvCell(-12.5), '-12.5');
  assert.equal(csvCell('-3'), '-3');
});

test('quotes, commas and line ends are quoted', () => {
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(csvCell('two\nlines'), '"two\nlines"');
});

test('a formula hidden behind a quoted cell is still text', () => {
  assert.equal(csvCell('=HYPERLINK("x","y")'), '"\'=HYPERLINK(""x"",""y"")"');
});

test('a file begins with the mark of byte order and ends its lines as RFC 4180 says', () => {
  assert.equal(
    csv([
      ['项目', 'n'],
      ['和风', null],
    ]),
    '\ufeff项目,n\r\n和风,\r\n',
  );
});
