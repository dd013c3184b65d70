/** What lies behind the picture: executed queries, timings, the frames' metadata, the request itself. */
import { h } from './dom.js';
import { printJson } from './api.js';
import { count, formatNumber } from './format.js';

function block(title, text, open = true) {
  return h('details', open ? { class: 'inspect-block', open: true } : { class: 'inspect-block' },
    h('summary', { text: title }), h('pre', { tabindex: '0', text }));
}

function stat(name, value) {
  return h('div', { class: 'stat' }, h('dt', { text: name }), h('dd', { text: value }));
}

function framesJson(result) {
  return printJson((result.raw.frames ?? []).map((frame) => frame?.schema ?? frame));
}

function section(refId, result) {
  const executed = [...new Set(result.frames.map((frame) => frame.meta.executedQueryString).filter(Boolean))];
  const rows = result.frames.reduce((sum, frame) => sum + frame.length, 0);
  const stats = h('dl', { class: 'stats' },
    stat('status', String(result.status ?? '–')), stat('frames', String(result.frames.length)), stat('rows', rows.toLocaleString('en-US')),
    ...result.frames.flatMap((frame) => frame.meta.stats ?? []).slice(0, 12).map((one) =>
      stat(String(one.displayName ?? one.name ?? ''), formatNumber(one.value, one.unit ?? ''))));
  return h('section', { class: 'inspect-query', 'data-ref': refId },
    h('h3', {}, h('span', { class: 'ref', text: refId }), ` ${result.source}`), stats,
    result.error ? block('Error', result.error) : null,
    ...executed.map((text) => block('Executed query', text)),
    block('Frames: schema and metadata', framesJson(result), executed.length === 0));
}

/** The command that sends the same request from a shell. */
export function curlCommand(request, origin) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl -s ${quoted(`${origin}/api/ds/query`)} -H 'content-type: application/json' \\\n  -d ${quoted(JSON.stringify(request))}`;
}

/** Fills the view from the last answer: `run` is {milliseconds, bytes, request} or null, `results` by refId. */
export function showInspect(host, run, results) {
  if (!run) {
    host.replaceChildren(h('p', { class: 'empty-note', text: 'Nothing has run yet.' }));
    return;
  }
  // What a person marks to copy it must not vanish with the next refresh.
  const marked = getSelection();
  if (!marked.isCollapsed && host.contains(marked.anchorNode)) return;
  const open = new Map([...host.querySelectorAll('details')].map((one, i) => [i, one.open]));
  const same = host.querySelectorAll('details').length;
  const rows = [...results.values()].reduce((sum, one) => sum + one.frames.reduce((n, frame) => n + frame.length, 0), 0);
  host.replaceChildren(
    h('dl', { class: 'stats' }, stat('time', `${formatNumber(run.milliseconds, 'ms')}`), stat('answer', formatNumber(run.bytes, 'bytes')),
      stat('rows', rows.toLocaleString('en-US')), stat('queries', count(results.size, 'query', 'queries'))),
    ...[...results].map(([refId, result]) => section(refId, result)),
    block('Request', printJson(run.request), false),
    block('As a shell command', curlCommand(run.request, location.origin), false));
  const details = host.querySelectorAll('details');
  if (details.length === same) details.forEach((one, i) => { one.open = open.get(i) ?? one.open; });
}
