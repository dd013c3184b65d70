/** Time ranges: `now-15m` forms, epoch milliseconds, and what people type. */

export const QUICK_RANGES = [
  ['now-1m', 'Last 1 minute'], ['now-5m', 'Last 5 minutes'], ['now-15m', 'Last 15 minutes'],
  ['now-30m', 'Last 30 minutes'], ['now-1h', 'Last 1 hour'], ['now-3h', 'Last 3 hours'], ['now-6h', 'Last 6 hours'],
  ['now-12h', 'Last 12 hours'], ['now-24h', 'Last 24 hours'], ['now-7d', 'Last 7 days'],
];

const FIXED = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
const MONTHS = { M: 1, Q: 3, y: 12 };
const RELATIVE = /^now(?:[+-]\d{0,9}(?:ms|[smhdwMQy])|\/(?:ms|[smhdwMQy]))*$/;
const EPOCH = /^-?\d{1,15}$/;
const LOCAL = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/** Whether a moment moves with the clock. */
export function isRelative(text) {
  return RELATIVE.test(text);
}

/** Adds months as calendars do: the 31st becomes the last day of a shorter month. */
function addMonths(time, months) {
  const d = new Date(time);
  const day = d.getUTCDate();
  d.setUTCDate(1);
  d.setUTCMonth(d.getUTCMonth() + months);
  const last = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 0)).getUTCDate();
  d.setUTCDate(Math.min(day, last));
  return d.getTime();
}

function plus(time, amount, unit) {
  return unit in FIXED ? time + amount * FIXED[unit] : addMonths(time, amount * MONTHS[unit]);
}

function startOf(time, unit) {
  if (unit === 'w') {
    const day = startOf(time, 'd');
    return day - ((new Date(day).getUTCDay() + 6) % 7) * FIXED.d;
  }
  if (unit in FIXED) return Math.floor(time / FIXED[unit]) * FIXED[unit];
  const d = new Date(time);
  const month = d.getUTCMonth();
  const start = { M: month, Q: month - (month % 3), y: 0 }[unit];
  return Date.UTC(d.getUTCFullYear(), start, 1);
}

/**
 * The epoch millisecond of a moment, seen at `now`; NaN where the text is none. As on the server, days and longer
 * follow the calendar of UTC, and an `end` rounds up to the last millisecond of its unit.
 */
export function resolve(text, now, end = false) {
  if (EPOCH.test(text)) return Number(text);
  if (!RELATIVE.test(text)) return NaN;
  let time = now;
  for (const [, sign, count, unit] of text.matchAll(/([+\-/])(\d*)(ms|[smhdwMQy])/g)) {
    if (sign !== '/') time = plus(time, (sign === '-' ? -1 : 1) * (count === '' ? 1 : Number(count)), unit);
    else time = end ? plus(startOf(time, unit), 1, unit) - 1 : startOf(time, unit);
  }
  return time;
}

/** Both ends of a range, in epoch milliseconds, seen at one `now`. */
export function resolveRange(from, to, now) {
  return [resolve(from, now), resolve(to, now, true)];
}

/**
 * What a person typed, in the form that is sent: a relative moment as it is, a local or ISO date as epoch
 * milliseconds. Null where it is neither.
 */
export function normalise(typed) {
  const text = typed.trim();
  if (RELATIVE.test(text) || /^\d{11,15}$/.test(text)) return text;
  const local = LOCAL.exec(text);
  if (local) {
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = ''] = local;
    const date = new Date(+year, month - 1, +day, +hour, +minute, +second, Number(fraction.padEnd(3, '0')));
    const same = date.getMonth() === month - 1 && date.getDate() === +day && date.getHours() === +hour
      && date.getMinutes() === +minute;
    return same ? String(date.getTime()) : null;
  }
  const parsed = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(parsed) ? null : String(parsed);
}

const two = (n) => String(n).padStart(2, '0');

/** A local date and time that `normalise` reads back. */
export function localText(milliseconds, withMillis = false) {
  const d = new Date(milliseconds);
  if (Number.isNaN(d.getTime())) return String(milliseconds);
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const time = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  const millis = d.getMilliseconds();
  return `${day} ${time}${withMillis || millis ? `.${String(millis).padStart(3, '0')}` : ''}`;
}

/** The words for a range, as the range button shows them. */
export function rangeLabel(from, to) {
  if (to === 'now') {
    const quick = QUICK_RANGES.find(([value]) => value === from);
    if (quick) return quick[1];
  }
  if (isRelative(from) || isRelative(to)) return `${momentText(from)} to ${momentText(to)}`;
  const [first, last] = [localText(Number(from)), localText(Number(to))];
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${first} to ${sameDay ? last.slice(11) : last}`;
}

/** A moment as the range form shows it. */
export function momentText(text) {
  return isRelative(text) ? text : localText(Number(text));
}

const STEPS = [1e3, 2e3, 5e3, 1e4, 15e3, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 12e5, 18e5, 36e5, 72e5, 108e5, 216e5, 432e5, 864e5];

/**
 * The interval between points for a range drawn on so many points: a round number, never below one second, which is
 * how often Big Tent samples.
 */
export function intervalFor(spanMs, points) {
  const wanted = spanMs / Math.max(1, points);
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / 864e5) * 864e5;
}
