/** From the answer of a request to what the views show. */
import { decodeFrame, noticesOf } from './frames.js';
import { MAX_SERIES, seriesOfQuery } from './series.js';
import { count } from './format.js';
import { intervalFor, resolveRange } from './range.js';

/** The parameters of a query as an object, or the reason why the text is none. */
export function parseParameters(text) {
  if (!text.trim()) return { value: null };
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { value };
    return { problem: 'The parameters must be a JSON object, such as {"method": "GET"}.' };
  } catch (error) {
    return { problem: `The parameters are not JSON: ${error.message}` };
  }
}

function failed(query, error) {
  return { source: query.source, format: query.format, status: 0, error, errorSource: '', frames: [], raw: { frames: [] }, notices: [], summary: '' };
}

/**
 * Makes the request for all queries that are on. Answers {request, range, refused}: `request` is null where nothing
 * is to be asked, `refused` has a result for each query that cannot be sent as it is.
 */
export function buildRequest(state, backends, points) {
  const range = resolveRange(state.from, state.to, Date.now());
  const refused = new Map();
  const queries = [];
  for (const query of state.queries) {
    if (query.off) continue;
    const backend = backends.find((one) => one.name === query.source);
    const parameters = parseParameters(query.parameters);
    if (!query.source) refused.set(query.refId, failed(query, 'Pick a source for this query.'));
    else if (!query.expression.trim()) refused.set(query.refId, failed(query, 'Write a query, or pick an example.'));
    else if (parameters.problem) refused.set(query.refId, failed(query, parameters.problem));
    else {
      queries.push({
        refId: query.refId,
        datasource: backend ? { uid: backend.name, type: backend.type } : { uid: query.source },
        expression: query.expression,
        format: query.format,
        ...(parameters.value ? { parameters: parameters.value } : {}),
        intervalMs: intervalFor(range[1] - range[0], points),
        maxDataPoints: points,
      });
    }
  }
  const request = queries.length === 0 ? null : { from: state.from, to: state.to, queries };
  return { request, range, refused };
}

function giveUnit(frames, unit) {
  for (const frame of frames) {
    for (const field of frame.fields) if (field.kind === 'number') field.config = { ...field.config, unit };
  }
}

/** One query's answer, decoded. A frame that contradicts itself makes the query fail, not the page. */
export function readResult(query, answer) {
  if (!answer) return failed(query, 'The answer has nothing for this query.');
  const raw = { ...answer, frames: Array.isArray(answer.frames) ? answer.frames : [] };
  let frames = [];
  let error = answer.error ? String(answer.error) : '';
  try {
    frames = raw.frames.map(decodeFrame);
    if (query.unit && query.format === 'time_series') giveUnit(frames, query.unit);
  } catch (problem) {
    error ||= `The answer cannot be read: ${problem.message}`;
  }
  const rows = frames.reduce((sum, frame) => sum + frame.length, 0);
  return {
    source: query.source,
    format: query.format,
    status: answer.status ?? 0,
    error,
    errorSource: answer.errorSource ?? '',
    frames,
    raw,
    notices: noticesOf(frames),
    summary: `${count(rows, 'row')} in ${count(frames.length, 'frame')}`,
  };
}

function isOutside(series, [from, to]) {
  return series.length > 0 && !series.some((one) => one.times.some((time) => time >= from && time <= to));
}

/** All series of all results in the order of the queries, with notes on what is not drawn. */
export function collectSeries(results, range) {
  const series = [];
  const notes = [];
  for (const [refId, result] of results) {
    if (result.format === 'table') {
      if (result.frames.length > 0) notes.push(`${refId} was asked for as a table. The format "Time series" draws it.`);
      continue;
    }
    const found = seriesOfQuery(refId, result.frames);
    if (isOutside(found.series, range)) notes.push(`${refId}: every point lies outside of the time range.`);
    for (const one of found.series) series.push(one);
    if (found.withoutTime > 0) notes.push(`${refId}: no time column in ${count(found.withoutTime, 'frame')}, shown as a table only.`);
    if (found.withoutNumbers > 0) notes.push(`${refId}: no numbers in ${count(found.withoutNumbers, 'frame')}, shown as a table only.`);
  }
  if (series.length > MAX_SERIES) {
    notes.push(`The first ${MAX_SERIES} of ${count(series.length, 'series', 'series')} are drawn. Narrow the query, or look at the table.`);
    series.length = MAX_SERIES;
  }
  return { series, notes };
}

/** The frames that the table can show: [{id, label, frame}]. */
export function tableFrames(results) {
  const out = [];
  for (const [refId, result] of results) {
    result.frames.forEach((frame, i) => {
      if (frame.fields.length === 0) return;
      const name = frame.name ? ` ${frame.name}` : result.frames.length > 1 ? ` frame ${i + 1}` : '';
      out.push({ id: `${refId}.${i}`, label: `${refId}:${name || ` ${result.source}`} (${count(frame.length, 'row')})`, frame });
    });
  }
  return out;
}
