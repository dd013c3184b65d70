/** The list below the chart: every series with its last, least and greatest value and its mean. */
import { h, setAttribute, setText } from './dom.js';
import { formatNumber } from './format.js';
import { statistics } from './series.js';

const COLUMNS = [['last', 'Last'], ['min', 'Min'], ['max', 'Max'], ['mean', 'Mean']];
const collator = new Intl.Collator(undefined, { numeric: true });

export class Legend {
  #handlers;
  #body = h('tbody');
  #headers = new Map();
  #rows = new Map();
  #sort = null;
  #series = [];

  /** `handlers.toggle(key)`, `handlers.only(key)` and `handlers.focus(key or null)` follow the pointer and the keys. */
  constructor(host, handlers) {
    this.#handlers = handlers;
    const head = h('tr', {}, this.#header('name', 'Series', 'legend-name'),
      ...COLUMNS.map(([id, title]) => this.#header(id, title, 'number')));
    host.append(h('table', { class: 'legend-table' },
      h('caption', { class: 'visually-hidden', text: 'Series in the chart' }), h('thead', {}, head), this.#body));
  }

  update(series) {
    this.#series = series.map((one) => ({ one, stats: statistics(one) }));
    this.#render();
  }

  #header(id, title, className) {
    const cell = h('th', { scope: 'col', class: className },
      h('button', { type: 'button', class: 'sort', text: title, on: { click: () => this.#sortBy(id) } }));
    this.#headers.set(id, cell);
    return cell;
  }

  /** First down for numbers and up for names, then the other way, then the order of the queries again. */
  #sortBy(id) {
    const first = id !== 'name';
    if (this.#sort?.id !== id) this.#sort = { id, descending: first };
    else if (this.#sort.descending === first) this.#sort = { id, descending: !first };
    else this.#sort = null;
    this.#render();
  }

  #ordered() {
    if (!this.#sort) return this.#series;
    const { id, descending } = this.#sort;
    const sign = descending ? -1 : 1;
    return [...this.#series].sort((a, b) => {
      if (id === 'name') return sign * collator.compare(a.one.name, b.one.name);
      const [x, y] = [a.stats[id], b.stats[id]];
      if (x === null || y === null) return (x === null) - (y === null);
      return sign * (x - y);
    });
  }

  #render() {
    for (const [id, cell] of this.#headers) {
      const direction = this.#sort?.descending ? 'descending' : 'ascending';
      setAttribute(cell, 'aria-sort', this.#sort?.id === id ? direction : null);
    }
    const rows = this.#ordered().map(({ one, stats }) => {
      const row = this.#rows.get(one.key) ?? this.#newRow(one.key);
      row.element.classList.toggle('off', !one.show);
      setAttribute(row.swatch, 'aria-pressed', one.show);
      setAttribute(row.swatch, 'aria-label', `Show ${one.name}`);
      row.mark.style.background = one.show ? one.colour : '';
      row.mark.style.borderColor = one.colour;
      setText(row.refId, one.refId);
      setText(row.name, one.name);
      setAttribute(row.name, 'title', one.fullName);
      COLUMNS.forEach(([id], i) => {
        setText(row.cells[i], formatNumber(stats[id], one.unit, one.decimals) || '–');
        setAttribute(row.cells[i], 'title', stats[id]);
      });
      return row;
    });
    this.#rows = new Map(rows.map((row) => [row.key, row]));
    const elements = rows.map((row) => row.element);
    const same = elements.length === this.#body.children.length
      && elements.every((element, i) => element === this.#body.children[i]);
    if (!same) this.#body.replaceChildren(...elements);
  }

  #newRow(key) {
    const mark = h('span', { class: 'swatch' });
    const swatch = h('button', {
      type: 'button', class: 'swatch-button', title: 'Show or hide', on: { click: () => this.#handlers.toggle(key) },
    }, mark);
    const name = h('button', { type: 'button', class: 'series-name', on: { click: () => this.#handlers.only(key) } });
    const refId = h('span', { class: 'ref small' });
    const cells = COLUMNS.map(() => h('td', { class: 'number' }));
    const element = h('tr', {
      'data-key': key,
      on: { mouseenter: () => this.#handlers.focus(key), mouseleave: () => this.#handlers.focus(null) },
    }, h('td', { class: 'legend-name' }, h('div', { class: 'legend-cell' }, swatch, refId, name)), ...cells);
    return { key, element, swatch, mark, name, refId, cells };
  }
}
