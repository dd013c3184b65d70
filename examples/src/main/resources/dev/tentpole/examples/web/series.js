/** Frames as the series that a chart draws. */
import { timeField } from './frames.js';

/** More lines than this help nobody and only freeze the page. */
export const MAX_SERIES = 500;

const DEFAULT_NAMES = new Set(['', 'value', 'Value']);

function drawable(field) {
  return field.kind === 'number' || field.kind === 'boolean';
}

function numberOrGap(value) {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return Number.isFinite(value) ? value : null;
}

/** The row numbers with a time, in the order of time; null where that is the order they have, all of them. */
function rowOrder(times) {
  let ordered = true;
  for (let i = 0; i < times.length && ordered; i++) {
    ordered = times[i] !== null && (i === 0 || times[i - 1] <= times[i]);
  }
  if (ordered) return null;
  const rows = [];
  for (let i = 0; i < times.length; i++) if (times[i] !== null) rows.push(i);
  return rows.sort((a, b) => times[a] - times[b]);
}

/** A long frame (a row per time and combination of strings) as groups of rows, with the strings as labels. */
function groupsOf(frame, time, dimensions) {
  const rows = rowOrder(time.values) ?? time.values.map((_, i) => i);
  const groups = new Map();
  for (const row of rows) {
    const parts = dimensions.map((field) => field.values[row] ?? '');
    const key = JSON.stringify(parts);
    let group = groups.get(key);
    if (!group) {
      group = { rows: [], labels: Object.fromEntries(dimensions.map((field, i) => [field.name, String(parts[i])])) };
      groups.set(key, group);
    }
    group.rows.push(row);
  }
  return [...groups.values()];
}

function isLong(frame, dimensions) {
  const type = frame.meta.type;
  if (dimensions.length === 0 || type === 'timeseries-wide' || type === 'timeseries-multi') return false;
  return true;
}

function toSeries(refId, field, labels, times, values) {
  const label = labels ? Object.keys(labels).sort().map((key) => `${key}=${JSON.stringify(labels[key])}`).join(', ') : '';
  const given = field.config.displayNameFromDS || field.config.displayName || '';
  return {
    key: `${refId}:${given || field.name}${label ? `{${label}}` : ''}`,
    refId,
    fieldName: field.name,
    labels: labels ?? {},
    given,
    unit: field.config.unit ?? '',
    decimals: field.config.decimals ?? null,
    limits: [field.config.min, field.config.max].map((limit) => (Number.isFinite(limit) ? limit : null)),
    times,
    values,
  };
}

/** The series of one frame; none where it has no time field or no number. */
export function seriesOfFrame(refId, frame) {
  const time = timeField(frame);
  if (!time) return [];
  const fields = frame.fields.filter(drawable);
  const dimensions = frame.fields.filter((field) => field.kind === 'string' || field.kind === 'enum');
  if (isLong(frame, dimensions)) {
    return groupsOf(frame, time, dimensions).flatMap((group) => {
      const times = group.rows.map((row) => time.values[row]);
      return fields.map((field) => toSeries(refId, field, { ...field.labels, ...group.labels }, times,
        group.rows.map((row) => numberOrGap(field.values[row]))));
    });
  }
  const order = rowOrder(time.values);
  const times = order ? order.map((row) => time.values[row]) : time.values;
  return fields.map((field) => toSeries(refId, field, field.labels, times,
    order ? order.map((row) => numberOrGap(field.values[row])) : field.values.map(numberOrGap)));
}

/**
 * Names the series of one query: the name that the source gave, else the labels in which they differ, else the
 * field's name. `fullName` always has everything.
 */
function nameSeries(group) {
  const fieldNames = new Set(group.map((one) => one.fieldName));
  const labelKeys = [...new Set(group.flatMap((one) => Object.keys(one.labels)))].sort();
  const varying = group.length === 1 ? labelKeys
    : labelKeys.filter((key) => new Set(group.map((one) => one.labels[key])).size > 1);
  for (const one of group) {
    const keys = varying.filter((key) => key !== '__name__' && one.labels[key] !== undefined && one.labels[key] !== '');
    const metric = one.labels.__name__ ?? one.fieldName;
    const showMetric = fieldNames.size > 1 || varying.includes('__name__') || (keys.length === 0 && !DEFAULT_NAMES.has(metric));
    const labels = keys.length === 1 ? one.labels[keys[0]] : keys.map((key) => `${key}="${one.labels[key]}"`).join(', ');
    const short = [showMetric ? metric : '', labels].filter(Boolean).join(' ');
    one.name = one.given || short || metric || 'value';
    const all = labelKeys.filter((key) => one.labels[key] !== undefined).map((key) => `${key}="${one.labels[key]}"`).join(', ');
    one.fullName = `${one.given ? `${one.given}: ` : ''}${one.fieldName}${all ? ` {${all}}` : ''}`;
  }
}

function makeKeysUnique(series) {
  const seen = new Map();
  for (const one of series) {
    const times = (seen.get(one.key) ?? 0) + 1;
    seen.set(one.key, times);
    if (times > 1) one.key += `#${times}`;
  }
}

/**
 * The series of a query's frames, named.
 * Answers {series, withoutTime, withoutNumbers}: how many frames could not be drawn, and why.
 */
export function seriesOfQuery(refId, frames) {
  let withoutTime = 0;
  let withoutNumbers = 0;
  const series = [];
  for (const frame of frames) {
    if (frame.fields.length === 0) continue;
    if (!timeField(frame)) withoutTime++;
    else if (!frame.fields.some(drawable)) withoutNumbers++;
    else for (const one of seriesOfFrame(refId, frame)) series.push(one);
  }
  nameSeries(series);
  makeKeysUnique(series);
  return { series, withoutTime, withoutNumbers };
}

/** Last, least, greatest value and mean; nulls where a series has no value. */
export function statistics(series) {
  let last = null;
  let min = null;
  let max = null;
  let sum = 0;
  let n = 0;
  for (const value of series.values) {
    if (value === null) continue;
    last = value;
    if (min === null || value < min) min = value;
    if (max === null || value > max) max = value;
    sum += value;
    n++;
  }
  return { last, min, max, mean: n === 0 ? null : sum / n, count: n };
}

/**
 * Brings series onto one time axis: [times, values of the first, values of the second, …]. A time that a series does
 * not have is undefined in it (the line goes on), a value that it has as null is a gap.
 */
export function align(series, join) {
  if (series.length === 0) return [[]];
  const tables = new Map();
  series.forEach((one, i) => {
    const table = tables.get(one.times);
    if (table) table.push(i);
    else tables.set(one.times, [i]);
  });
  const joined = join([...tables].map(([times, members]) => [times, ...members.map((i) => series[i].values)]));
  const data = [joined[0]];
  let column = 1;
  for (const members of tables.values()) for (const i of members) data[i + 1] = joined[column++];
  return data;
}
