/** A frame as a table: sortable, typed, limited to what a browser shows without effort. */
import { h, setAttribute, setText } from './dom.js';
import { count, formatNumber, formatTime, formatTimeExact } from './format.js';
import { enumText } from './frames.js';
import { printJson } from './api.js';

export const MAX_ROWS = 1000;
const collator = new Intl.Collator(undefined, { numeric: true });

/** A cell as text, without its unit: what a copy into another program should have. */
export function cellText(field, row) {
  const value = field.values[row];
  if (value === null || value === undefined) return '';
  switch (field.kind) {
    case 'time': return formatTimeExact(value, field.nanos?.[row] ?? 0);
    case 'number': return field.exact?.get(row) ?? String(value);
    case 'enum': return enumText(field, value);
    case 'json': return printJson(value, 0);
    default: return String(value);
  }
}

/** A cell as it is shown: times in the local zone, numbers in their unit unless `raw`. */
export function cellDisplay(field, row, raw) {
  const value = field.values[row];
  if (value === null || value === undefined) return '';
  if (field.kind === 'time') return formatTime(value);
  if (field.kind === 'number' && !raw && (field.config.unit || Number.isInteger(field.config.decimals))) {
    return formatNumber(value, field.config.unit ?? '', field.config.decimals ?? null);
  }
  return cellText(field, row);
}

function compareValues(field, a, b) {
  const [x, y] = [field.values[a], field.values[b]];
  switch (field.kind) {
    case 'time': return x - y || (field.nanos?.[a] ?? 0) - (field.nanos?.[b] ?? 0);
    case 'number': {
      if (field.exact && (field.exact.has(a) || field.exact.has(b))) {
        const [big, other] = [BigInt(field.exact.get(a) ?? Math.trunc(x)), BigInt(field.exact.get(b) ?? Math.trunc(y))];
        return big < other ? -1 : Number(big > other);
      }
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return x < y ? -1 : Number(x > y);
    }
    case 'boolean': return x - y;
    default: return collator.compare(cellText(field, a), cellText(field, b));
  }
}

/** The rows of a frame in the order that a column asks for; nulls come last either way. */
export function sortedRows(frame, sort) {
  const rows = Array.from({ length: frame.length }, (_, i) => i);
  const field = sort ? frame.fields[sort.column] : null;
  if (!field) return rows;
  const sign = sort.descending ? -1 : 1;
  const missing = (row) => field.values[row] === null || field.values[row] === undefined;
  return rows.sort((a, b) => {
    if (missing(a) || missing(b)) return missing(a) - missing(b) || a - b;
    return sign * compareValues(field, a, b) || a - b;
  });
}

/** A frame as CSV (RFC 4180), every row of it, exact. */
export function toCsv(frame) {
  const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [frame.fields.map((field) => quote(columnTitle(field)))];
  for (let row = 0; row < frame.length; row++) lines.push(frame.fields.map((field) => quote(cellText(field, row))));
  return lines.map((cells) => cells.join(',')).join('\r\n') + '\r\n';
}

/** The title of a column: the name that the source gave, else the field's, with its labels. */
export function columnTitle(field) {
  const given = field.config.displayNameFromDS || field.config.displayName;
  if (given) return given;
  const labels = Object.entries(field.labels ?? {}).map(([key, value]) => `${key}="${value}"`).join(', ');
  return labels ? `${field.name} {${labels}}` : field.name;
}

export class FrameTable {
  #host;
  #onSort;
  #note = h('p', { class: 'table-note', role: 'status' });
  #table = h('table', { class: 'data-table' });
  #head = h('tr');
  #body = h('tbody');
  #signature = '';

  /** `onSort(column)` follows a click on a column's title. */
  constructor(host, onSort) {
    this.#host = host;
    this.#onSort = onSort;
    this.#table.append(h('thead', {}, this.#head), this.#body);
    this.#host.append(h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of the result' },
      this.#table), this.#note);
  }

  show(frame, sort, raw) {
    const signature = JSON.stringify(frame.fields.map((field) => [columnTitle(field), field.type, field.config.unit]));
    if (signature !== this.#signature) {
      this.#signature = signature;
      this.#head.replaceChildren(...frame.fields.map((field, i) => this.#header(field, i)));
      this.#body.replaceChildren();
    }
    [...this.#head.children].forEach((cell, i) => {
      const direction = sort?.descending ? 'descending' : 'ascending';
      setAttribute(cell, 'aria-sort', sort?.column === i ? direction : null);
    });
    this.#rows(frame, sortedRows(frame, sort).slice(0, MAX_ROWS), raw);
    setText(this.#note, this.#noteFor(frame, sort));
  }

  #noteFor(frame, sort) {
    if (frame.fields.length === 0 || frame.length === 0) return 'No rows in this range.';
    if (frame.length <= MAX_ROWS) return count(frame.length, 'row');
    const hidden = count(frame.length - MAX_ROWS, 'row');
    return `The first ${MAX_ROWS.toLocaleString('en-US')} of ${count(frame.length, 'row')}${sort ? ' in this order' : ''}; `
      + `${hidden} not shown. The CSV file has all of them.`;
  }

  #header(field, i) {
    const kind = field.kind === 'number' ? 'number' : '';
    return h('th', { scope: 'col', class: kind },
      h('button', {
        type: 'button', class: 'sort', title: `${columnTitle(field)}: ${field.type}${field.nullable ? ', nullable' : ''}`,
        on: { click: () => this.#onSort(i) },
      }, h('span', { text: columnTitle(field) || `column ${i + 1}` }),
        field.config.unit ? h('span', { class: 'unit', text: field.config.unit }) : null));
  }

  /** Rows and cells are used again: a refresh writes only the texts that changed. */
  #rows(frame, rows, raw) {
    const body = this.#body;
    while (body.children.length > rows.length) body.lastElementChild.remove();
    const fresh = document.createDocumentFragment();
    const have = body.children.length;
    rows.forEach((row, i) => {
      const element = i < have ? body.children[i] : this.#emptyRow(frame);
      frame.fields.forEach((field, column) => this.#cell(element.children[column], field, row, raw));
      if (i >= have) fresh.append(element);
    });
    body.append(fresh);
  }

  #emptyRow(frame) {
    return h('tr', {}, ...frame.fields.map((field) => h('td', { class: field.kind })));
  }

  #cell(cell, field, row, raw) {
    const value = field.values[row];
    const missing = value === null || value === undefined;
    setText(cell, missing ? 'null' : cellDisplay(field, row, raw));
    cell.classList.toggle('missing', missing);
    const exact = missing ? null : cellText(field, row);
    setAttribute(cell, 'title', exact !== null && (exact !== cell.textContent || exact.length > 40) ? exact : null);
  }
}
