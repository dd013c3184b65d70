/**
 * What a link shares: queries, range, refresh and view, as a readable fragment such as
 * `#from=now-15m&to=now&view=chart&A.source=mysql&A.format=table&A.expr=SELECT+1`.
 */
import { resolve } from './range.js';

export const REFRESH_SECONDS = [0, 1, 5, 30];
export const VIEWS = ['chart', 'table', 'inspect'];
export const FORMATS = ['time_series', 'table'];
export const MAX_QUERIES = 26;
const REF_ID = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
const MAX_HIDDEN = 100;

export function emptyState() {
  return {
    from: 'now-15m', to: 'now', refresh: 0, view: 'chart', queries: [], hidden: [], frame: '', sort: null, raw: false,
  };
}

/**
 * A query to a source, as the editor holds it; `parameters` is JSON text, empty where there are none, and `unit`
 * is for sources that cannot tell one, such as SQL.
 */
export function newQuery(refId, source = '', fields = {}) {
  return { refId, source, format: 'time_series', expression: '', parameters: '', unit: '', off: false, ...fields };
}

/** The first of A, B, C, … that is free, then Q27, Q28, … */
export function nextRefId(queries) {
  const taken = new Set(queries.map((query) => query.refId));
  for (let i = 0; i < 26; i++) {
    const letter = String.fromCharCode(65 + i);
    if (!taken.has(letter)) return letter;
  }
  let number = 27;
  while (taken.has(`Q${number}`)) number++;
  return `Q${number}`;
}

export function encode(state) {
  const out = new URLSearchParams();
  out.set('from', state.from);
  out.set('to', state.to);
  if (state.refresh) out.set('refresh', `${state.refresh}s`);
  out.set('view', state.view);
  for (const query of state.queries) {
    out.set(`${query.refId}.source`, query.source);
    out.set(`${query.refId}.format`, query.format);
    out.set(`${query.refId}.expr`, query.expression);
    if (query.parameters.trim()) out.set(`${query.refId}.params`, query.parameters);
    if (query.unit) out.set(`${query.refId}.unit`, query.unit);
    if (query.off) out.set(`${query.refId}.off`, '1');
  }
  if (state.hidden.length <= MAX_HIDDEN) for (const key of state.hidden) out.append('hide', key);
  if (state.frame) out.set('frame', state.frame);
  if (state.sort) out.set('sort', `${state.sort.descending ? '-' : ''}${state.sort.column}`);
  if (state.raw) out.set('raw', '1');
  return out.toString();
}

/** Reads a fragment back. What is missing or makes no sense takes its default: a link never breaks the page. */
export function decode(fragment) {
  const input = new URLSearchParams(fragment.replace(/^#/, ''));
  const state = emptyState();
  const moments = ['from', 'to'].map((name) => input.get(name) ?? '');
  if (moments.every((moment) => Number.isFinite(resolve(moment, 0)))) [state.from, state.to] = moments;
  const refresh = Number((input.get('refresh') ?? '').replace(/s$/, ''));
  if (REFRESH_SECONDS.includes(refresh)) state.refresh = refresh;
  if (VIEWS.includes(input.get('view'))) state.view = input.get('view');
  const queries = new Map();
  for (const [key, value] of input) {
    const dot = key.indexOf('.');
    const refId = key.slice(0, dot);
    if (dot < 1 || !REF_ID.test(refId)) continue;
    if (!queries.has(refId)) {
      if (queries.size === MAX_QUERIES) continue;
      queries.set(refId, newQuery(refId));
    }
    const query = queries.get(refId);
    switch (key.slice(dot + 1)) {
      case 'source': query.source = value; break;
      case 'format': if (FORMATS.includes(value)) query.format = value; break;
      case 'expr': query.expression = value; break;
      case 'params': query.parameters = value; break;
      case 'unit': query.unit = value.slice(0, 32); break;
      case 'off': query.off = value === '1'; break;
      default: break;
    }
  }
  state.queries = [...queries.values()];
  state.hidden = input.getAll('hide').slice(0, MAX_HIDDEN);
  state.frame = input.get('frame') ?? '';
  const sort = /^(-?)(\d{1,4})$/.exec(input.get('sort') ?? '');
  if (sort) state.sort = { column: Number(sort[2]), descending: sort[1] === '-' };
  state.raw = input.get('raw') === '1';
  return state;
}
