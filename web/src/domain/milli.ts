// milli.ts - numbers that the API gives in thousandths: 36.5 is 36500.

const TEXT = /^-?\d{1,12}(\.\d{1,3})?$/;

/** "36.5" for 36500; without zeros that say nothing. */
export function milliText(milli: number): string {
  const sign = milli < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(milli) / 1000);
  const rest = String(Math.abs(milli) % 1000).padStart(3, '0').replace(/0+$/, '');
  return `${sign}${whole}${rest ? `.${rest}` : ''}`;
}

/** Null for what is no number with at most three places. */
export function parseMilli(text: string): number | null {
  const clean = text.trim();
  if (!TEXT.test(clean)) return null;
  const [whole = '', rest = ''] = clean.replace('-', '').split('.');
  const milli = Number(whole) * 1000 + Number(rest.padEnd(3, '0'));
  return clean.startsWith('-') && milli !== 0 ? -milli : milli;
}
