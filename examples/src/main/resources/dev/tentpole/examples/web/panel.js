/** The result: chart with legend, table, and inspection, of which one is shown. */
import { h, setAttribute, setText } from './dom.js';
import { TimeChart, colour } from './chart.js';
import { Legend } from './legend.js';
import { FrameTable, toCsv } from './table.js';
import { showInspect } from './inspect.js';
import { collectSeries, tableFrames } from './results.js';
import { VIEWS } from './state.js';

const byId = (id) => document.getElementById(id);

export class ResultPanel {
  #actions;
  #chart = new TimeChart(byId('chart'), {
    zoom: (from, to) => this.#actions.zoom(from, to),
    back: () => this.#actions.back(),
  });
  #legend = new Legend(byId('legend'), {
    toggle: (key) => this.#toggle(key),
    only: (key) => this.#only(key),
    focus: (key) => this.#focus(key),
  });
  #table = new FrameTable(byId('table'), (column) => this.#sortBy(column));
  #series = [];
  #colours = new Map();
  #range = [0, 1];
  #frame = null;

  /** `actions`: change(fields of the state), zoom(from, to), back(), add(source), state(), running(). */
  constructor(actions) {
    this.#actions = actions;
    byId('tabs').addEventListener('click', (event) => {
      const view = event.target.closest('[data-view]')?.dataset.view;
      if (view) this.#actions.change({ view });
    });
    byId('tabs').addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const at = VIEWS.indexOf(this.#actions.state().view);
      const view = VIEWS[(at + step + VIEWS.length) % VIEWS.length];
      this.#actions.change({ view });
      byId(`tab-${view}`).focus();
    });
    byId('frame').addEventListener('change', (event) => this.#actions.change({ frame: event.target.value, sort: null }));
    byId('raw').addEventListener('change', (event) => this.#actions.change({ raw: event.target.checked }));
    byId('csv').addEventListener('click', () => this.#download());
  }

  /** How many points the chart has room for. */
  points() {
    return Math.max(100, Math.min(2000, Math.round(byId('chart').clientWidth || innerWidth * 0.6)));
  }

  /** The time range of the next render, in epoch milliseconds. */
  setRange(range) {
    this.#range = range;
  }

  render(state, results, run, backends) {
    for (const view of VIEWS) {
      byId(`view-${view}`).hidden = view !== state.view;
      setAttribute(byId(`tab-${view}`), 'aria-selected', view === state.view);
      setAttribute(byId(`tab-${view}`), 'tabindex', view === state.view ? 0 : -1);
    }
    this.#renderNotices(results);
    if (state.view === 'chart') this.#renderChart(state, results, backends);
    else if (state.view === 'table') this.#renderTable(state, results, backends);
    else showInspect(byId('view-inspect'), run, results);
  }

  #renderNotices(results) {
    const items = [...results].flatMap(([refId, result]) => result.notices.map((notice) =>
      h('li', { class: `notice ${notice.severity}` }, h('span', { class: 'ref small', text: refId }), h('span', { text: notice.text }))));
    byId('notices').hidden = items.length === 0;
    byId('notices').replaceChildren(...items);
  }

  #renderChart(state, results, backends) {
    const theme = document.documentElement.dataset.theme;
    const { series, notes } = collectSeries(results, this.#range);
    this.#assignColours(series);
    const hidden = new Set(state.hidden);
    for (const one of series) {
      one.colour = colour(this.#colours.get(one.key), theme);
      one.show = !hidden.has(one.key);
    }
    this.#series = series;
    const empty = series.length === 0;
    byId('chart').hidden = empty;
    byId('legend').hidden = empty;
    byId('chart-empty').hidden = !empty;
    if (empty) {
      this.#chart.clear();
      byId('chart-empty').replaceChildren(...this.#whyEmpty(results, backends));
    } else if (!window.uPlot) {
      byId('chart').hidden = true;
      byId('chart-empty').hidden = false;
      byId('chart-empty').replaceChildren(h('p', { text: 'The chart library did not load. The table still works.' }));
    } else {
      this.#chart.draw(series, this.#range, theme);
      this.#legend.update(series);
    }
    byId('chart-note').hidden = notes.length === 0 || empty;
    setText(byId('chart-note'), notes.join(' '));
  }

  /** A series keeps its colour for as long as it stays; a new one takes the first that is free. */
  #assignColours(series) {
    const keys = new Set(series.map((one) => one.key));
    for (const key of [...this.#colours.keys()]) if (!keys.has(key)) this.#colours.delete(key);
    const taken = new Set(this.#colours.values());
    let next = 0;
    for (const key of keys) {
      if (this.#colours.has(key)) continue;
      while (taken.has(next)) next++;
      this.#colours.set(key, next);
      taken.add(next);
    }
  }

  #whyEmpty(results, backends) {
    const all = [...results.values()];
    if (all.length === 0) {
      if (this.#actions.state().queries.some((query) => !query.off)) {
        return [h('p', { text: this.#actions.running() ? 'Running…' : 'No answer yet. Run the queries again.' })];
      }
      const usable = backends.filter((one) => one.configured);
      if (usable.length === 0) return [h('p', { text: 'No source is configured. The list of sources says what each one needs.' })];
      return [h('p', { text: 'Nothing to show yet. Start with a source:' }),
        h('p', { class: 'starters' }, ...usable.map((one) =>
          h('button', { type: 'button', class: 'quiet', text: one.name, on: { click: () => this.#actions.add(one.name) } })))];
    }
    const failed = [...results].filter(([, result]) => result.error).map(([refId]) => refId);
    if (failed.length === all.length) {
      return [h('p', { text: `${failed.length === 1 ? `Query ${failed[0]}` : 'Every query'} failed. The message is at the query.` })];
    }
    const tables = tableFrames(results).filter(({ frame }) => frame.length > 0);
    if (tables.length > 0) {
      const { notes } = collectSeries(results, this.#range);
      return [...notes.map((text) => h('p', { text })),
        h('button', { type: 'button', class: 'quiet', text: 'Open the table', on: { click: () => this.#actions.change({ view: 'table' }) } })];
    }
    return [h('p', { text: 'No data in this time range. Try a longer one.' })];
  }

  #toggle(key) {
    this.#chart.focus(null);
    const hidden = this.#actions.state().hidden;
    this.#actions.change({ hidden: hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key] });
  }

  /** A series that is hidden cannot stand out, so nothing steps back for it. */
  #focus(key) {
    const index = this.#series.findIndex((one) => one.key === key && one.show);
    this.#chart.focus(index < 0 ? null : index);
  }

  /** Shows one series alone; asked again, all of them. */
  #only(key) {
    this.#chart.focus(null);
    const shown = this.#series.filter((one) => one.show);
    const alone = shown.length === 1 && shown[0].key === key;
    this.#actions.change({ hidden: alone ? [] : this.#series.map((one) => one.key).filter((one) => one !== key) });
  }

  #renderTable(state, results, backends) {
    const frames = tableFrames(results);
    const chosen = frames.find((one) => one.id === state.frame) ?? frames.find(({ frame }) => frame.length > 0) ?? frames[0] ?? null;
    this.#frame = chosen;
    const select = byId('frame');
    const options = JSON.stringify(frames.map((one) => [one.id, one.label]));
    if (select.dataset.options !== options) {
      select.dataset.options = options;
      select.replaceChildren(...frames.map((one) => h('option', { value: one.id, text: one.label })));
    }
    if (chosen) select.value = chosen.id;
    byId('raw').checked = state.raw;
    byId('csv').disabled = !chosen;
    byId('table').hidden = !chosen;
    byId('table-empty').hidden = Boolean(chosen);
    if (chosen) this.#table.show(chosen.frame, state.sort, state.raw);
    else byId('table-empty').replaceChildren(...this.#whyEmpty(results, backends));
  }

  #sortBy(column) {
    const sort = this.#actions.state().sort;
    if (sort?.column !== column) this.#actions.change({ sort: { column, descending: false } });
    else this.#actions.change({ sort: sort.descending ? null : { column, descending: true } });
  }

  #download() {
    if (!this.#frame) return;
    const url = URL.createObjectURL(new Blob([toCsv(this.#frame.frame)], { type: 'text/csv;charset=utf-8' }));
    h('a', { href: url, download: `bigtent-${this.#frame.id}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
