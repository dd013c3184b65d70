/** Numbers with units and times, as people read them. */

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const SHORT = ['', ' K', ' Mil', ' Bil', ' Tri', ' Quadr'];

/** Digits after the point that leave about three significant ones. */
function digits(magnitude) {
  if (magnitude >= 100 || magnitude === 0) return 0;
  if (magnitude >= 10) return 1;
  if (magnitude >= 1) return 2;
  return Math.min(20, 2 - Math.floor(Math.log10(magnitude)));
}

function trimmed(value, decimals) {
  if (Number.isInteger(decimals) && decimals >= 0 && decimals <= 20) return value.toFixed(decimals);
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-6 || magnitude >= 1e15)) return value.toPrecision(3);
  const text = value.toFixed(digits(magnitude));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function scaled(value, base, prefixes, suffix, decimals) {
  let magnitude = Math.abs(value);
  let step = 0;
  while (magnitude >= base && step < prefixes.length - 1) {
    magnitude /= base;
    step++;
  }
  return trimmed(value / base ** step, decimals) + prefixes[step] + suffix;
}

const DURATIONS = [['d', 864e5], ['h', 36e5], ['min', 6e4], ['s', 1e3], ['ms', 1], ['µs', 1e-3], ['ns', 1e-6]];

function duration(milliseconds, decimals) {
  if (milliseconds === 0) return '0 s';
  const magnitude = Math.abs(milliseconds);
  const [name, size] = DURATIONS.find(([, limit]) => magnitude >= limit) ?? DURATIONS[DURATIONS.length - 1];
  return `${trimmed(milliseconds / size, decimals)} ${name}`;
}

const spaced = (suffix) => (value, decimals) => `${trimmed(value, decimals)} ${suffix}`;
const binary = (suffix) => (value, decimals) => scaled(value, 1024, BINARY.map((p) => ` ${p}`), suffix, decimals);
const decimal = (suffix) => (value, decimals) => scaled(value, 1000, DECIMAL.map((p) => ` ${p}`), suffix, decimals);

const UNITS = {
  none: (value, decimals) => trimmed(value, decimals),
  short: (value, decimals) => scaled(value, 1000, SHORT, '', decimals),
  percent: (value, decimals) => `${trimmed(value, decimals)}%`,
  percentunit: (value, decimals) => `${trimmed(value * 100, decimals)}%`,
  bytes: binary('B'), decbytes: decimal('B'), bits: binary('b'), decbits: decimal('b'),
  kbytes: (value, decimals) => UNITS.bytes(value * 1024, decimals),
  mbytes: (value, decimals) => UNITS.bytes(value * 1048576, decimals),
  Bps: decimal('B/s'), binBps: binary('B/s'), bps: decimal('b/s'), binbps: binary('b/s'),
  ns: (value, decimals) => duration(value / 1e6, decimals),
  'µs': (value, decimals) => duration(value / 1e3, decimals),
  ms: duration,
  s: (value, decimals) => duration(value * 1e3, decimals),
  m: (value, decimals) => duration(value * 6e4, decimals),
  h: (value, decimals) => duration(value * 36e5, decimals),
  d: (value, decimals) => duration(value * 864e5, decimals),
  hertz: decimal('Hz'), reqps: spaced('req/s'), ops: spaced('ops/s'), rps: spaced('reads/s'), wps: spaced('writes/s'),
  celsius: spaced('°C'), watt: decimal('W'), volt: decimal('V'),
};
UNITS.us = UNITS['µs'];

/** The units that a person can give to a query. */
export const UNIT_CHOICES = [
  ['', 'Unit: as sent'], ['none', 'Plain number'], ['short', 'Short: 1.2 K'], ['percent', 'Percent of 100'],
  ['percentunit', 'Percent of 1'], ['bytes', 'Bytes, by 1024'], ['decbytes', 'Bytes, by 1000'], ['Bps', 'Bytes per second'],
  ['ms', 'Milliseconds'], ['s', 'Seconds'], ['ops', 'Operations per second'], ['reqps', 'Requests per second'],
];

/** A number in its unit; an unknown unit follows the number as it is, `suffix:x` and `prefix:x` do what they say. */
export function formatNumber(value, unit = '', decimals = null) {
  if (value === null || value === undefined) return '';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const format = Object.hasOwn(UNITS, unit) ? UNITS[unit] : null;
  if (format) return format(value, decimals);
  if (!unit) return Math.abs(value) < 1e5 ? trimmed(value, decimals) : scaled(value, 1000, DECIMAL.map((p) => ` ${p}`), '', decimals);
  if (unit.startsWith('prefix:')) return unit.slice(7) + trimmed(value, decimals);
  return `${trimmed(value, decimals)} ${unit.replace(/^suffix:/, '')}`;
}

/** The numbers of an axis: every digit that tells a tick from its neighbours, and none that says nothing. */
export function axisNumbers(splits, unit, increment) {
  return splits.map((value) => {
    if (value === null) return '';
    // A tick is a multiple of the increment: rounding to it drops what binary fractions have added.
    const clean = Number((Math.round(value / increment) * increment).toPrecision(12));
    if (clean === 0) return unit.startsWith('percent') ? '0%' : '0';
    if (Math.abs(clean) < 1e-3) return formatNumber(clean, unit);
    return formatNumber(clean, unit, 5).replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '');
  });
}

const SI_INCREMENTS = (() => {
  const steps = [];
  for (let exponent = -12; exponent <= 18; exponent++) for (const m of [1, 2, 2.5, 5]) steps.push(Number(`${m}e${exponent}`));
  return steps;
})();
const BINARY_INCREMENTS = Array.from({ length: 64 }, (_, exponent) => 2 ** exponent);
const SECOND_INCREMENTS = [
  ...SI_INCREMENTS.filter((step) => step < 1), 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
  21600, 43200, 86400, ...[2, 5, 10, 20, 50, 100, 200, 500, 1000].map((days) => days * 86400),
];
const INCREMENTS = {
  bytes: BINARY_INCREMENTS, bits: BINARY_INCREMENTS, kbytes: BINARY_INCREMENTS, mbytes: BINARY_INCREMENTS,
  s: SECOND_INCREMENTS, ms: SECOND_INCREMENTS.map((step) => step * 1e3),
};

/** The distances between ticks of a time axis, in milliseconds. */
export const TIME_INCREMENTS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500], ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1e3),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 6e4), ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * 36e5),
  ...[1, 2, 3, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650].map((days) => days * 864e5),
];

/** The distances between ticks that are round numbers in a unit. */
export function axisIncrements(unit) {
  return Object.hasOwn(INCREMENTS, unit) ? INCREMENTS[unit] : SI_INCREMENTS;
}

const two = (n) => String(n).padStart(2, '0');
const three = (n) => String(n).padStart(3, '0');

/** A time in the local zone, to the millisecond where it has any. */
export function formatTime(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '';
  const d = new Date(milliseconds);
  if (Number.isNaN(d.getTime())) return String(milliseconds);
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const millis = d.getMilliseconds();
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}${millis ? `.${three(millis)}` : ''}`;
}

/** A time to the nanosecond in UTC: nothing that the source sent is lost. */
export function formatTimeExact(milliseconds, nanos = 0) {
  const d = new Date(milliseconds);
  if (Number.isNaN(d.getTime())) return `${milliseconds} ms`;
  const iso = d.toISOString();
  return nanos ? `${iso.slice(0, -1)}${String(nanos).padStart(6, '0')}Z` : iso;
}

/** Times for the ticks of an axis: as short as the distance of the ticks allows, the day where it changes. */
export function axisTimes(splits, increment) {
  let lastDay = null;
  return splits.map((value) => {
    const d = new Date(value);
    const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
    if (increment >= 864e5) return day.slice(increment >= 864e5 * 300 ? 0 : 5);
    let time = `${two(d.getHours())}:${two(d.getMinutes())}`;
    if (increment < 6e4) time += `:${two(d.getSeconds())}`;
    if (increment < 1e3) time += `.${three(d.getMilliseconds())}`;
    const changed = lastDay !== null && lastDay !== day;
    lastDay = day;
    return changed ? `${time}\n${day.slice(5)}` : time;
  });
}

/** A count with its noun. */
export function count(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}
