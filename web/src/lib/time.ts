// Moments as people read them, by the language of the page.
import i18next from 'i18next';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = i18next.language + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    // Western digits in every language: a number is compared with one on a phone.
    found = new Intl.DateTimeFormat(`${i18next.language}-u-nu-latn`, options);
    formats.set(key, found);
  }
  return found;
}

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

export function clockTime(at: string): string {
  return format({ hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}

/** Today's as a time, others as a date. */
export function shortTime(at: string, now = new Date()): string {
  const moment = new Date(at);
  if (startOfDay(moment) === startOfDay(now)) return clockTime(at);
  const isThisYear = moment.getFullYear() === now.getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return format({ day: 'numeric', month: 'short', ...year }).format(moment);
}

export function fullTime(at: string): string {
  return format({ dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

/** The day of a message, as its divider says it. */
export function dayName(at: string, now = new Date()): string {
  const days = Math.round((startOfDay(new Date(at)) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    const relative = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' });
    const name = relative.format(days, 'day');
    return name.charAt(0).toLocaleUpperCase(i18next.language) + name.slice(1);
  }
  return format({ weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at));
}

export function isSameDay(one: string, other: string): boolean {
  return startOfDay(new Date(one)) === startOfDay(new Date(other));
}

/** A moment of this browser's clock as the server takes it; nothing where it is none. */
export function momentOf(local: string | undefined): string | null {
  const moment = local ? new Date(local) : undefined;
  return moment && !Number.isNaN(moment.getTime()) ? moment.toISOString() : null;
}

/** How long ago, in the largest unit that fits. */
export function ago(at: string, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(`${i18next.language}-u-nu-latn`, { style: 'short' });
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, 'second');
}
