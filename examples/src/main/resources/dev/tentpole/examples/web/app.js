/** Big Tent's page: state in the address, queries on one side, what came of them on the other. */
import * as api from './api.js';
import { h, icon, setAttribute, setText } from './dom.js';
import { MAX_QUERIES, REFRESH_SECONDS, decode, emptyState, encode, newQuery, nextRefId } from './state.js';
import { isRelative, resolveRange } from './range.js';
import { RangePicker } from './rangepicker.js';
import { Runner } from './runner.js';
import { SourceList } from './sources.js';
import { QueryCard } from './querycard.js';
import { ResultPanel } from './panel.js';
import { buildRequest, readResult } from './results.js';
import { count, formatNumber, formatTime } from './format.js';

const HEALTH_EVERY_MS = 15000;
/** Browsers stop pages that write their address at every key. */
const SAVE_AFTER_MS = 400;
/** What was sampled since the start fills this range soon, and moves. */
const FIRST_VISIT = { from: 'now-5m', to: 'now', refresh: 5 };
const byId = (id) => document.getElementById(id);

class App {
  #state = emptyState();
  #backends = [];
  #health = {};
  #results = new Map();
  #run = null;
  #cards = new Map();
  #edited = false;
  #saveTimer = 0;
  #ranges = [];
  #runner = new Runner((signal) => this.#query(signal), {
    start: (byHand) => this.#onStart(byHand),
    end: () => this.#onEnd(),
    live: () => isRelative(this.#state.to),
  });
  #busyTimer = 0;
  #sources = new SourceList(byId('sources'), (name) => this.#add(name));
  #range = new RangePicker(byId('range'), {
    onPick: (from, to) => this.#setRange(from, to),
    onShift: (direction) => this.#shift(direction),
    onZoomOut: () => this.#zoomOut(),
  });
  #panel = new ResultPanel({
    change: (fields) => this.#changeView(fields),
    zoom: (from, to) => this.#zoom(from, to),
    back: () => this.#back(),
    add: (name) => this.#add(name),
    state: () => this.#state,
    running: () => this.#runner.running,
  });

  async start() {
    byId('refresh').append(...REFRESH_SECONDS.map((seconds) =>
      h('option', { value: String(seconds), text: seconds === 0 ? 'Refresh: off' : `Every ${seconds} s` })));
    byId('refresh').addEventListener('change', (event) => this.#changeView({ refresh: Number(event.target.value) }));
    byId('run').addEventListener('click', () => (this.#runner.running && this.#runner.byHand ? this.#runner.cancel() : this.#runNow()));
    byId('add').addEventListener('click', () => this.#add(this.#state.queries.at(-1)?.source ?? ''));
    byId('share').addEventListener('click', () => this.#share());
    byId('theme').append(icon('theme'));
    byId('theme').addEventListener('click', () => this.#toggleTheme());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) this.#runNow();
    });
    addEventListener('popstate', () => this.#load(decode(location.hash), false));
    await this.#connect();
  }

  /** Asks for the sources; until they are known there is nothing to do. */
  async #connect() {
    try {
      this.#backends = await api.backends();
      this.#banner('');
    } catch (error) {
      this.#banner(this.#words(error), () => this.#connect());
      return;
    }
    this.#watchHealth();
    const shared = decode(location.hash);
    if (shared.queries.length > 0) this.#load(shared, matchMedia('(max-width: 700px)').matches);
    else this.#load({ ...shared, ...FIRST_VISIT, queries: this.#firstQueries() }, false);
  }

  /** What a first visit shows: the first example of the first source that works, live. */
  #firstQueries() {
    const backend = this.#backends.find((one) => one.configured && one.examples?.length > 0);
    return backend ? [this.#fromExample('A', backend.name, backend.examples[0])] : [];
  }

  #fromExample(refId, source, example) {
    return newQuery(refId, source, {
      expression: example.expression ?? '',
      format: example.format === 'table' ? 'table' : 'time_series',
      unit: example.unit ?? '',
      parameters: example.parameters ? JSON.stringify(example.parameters, null, 2) : '',
    });
  }

  #load(state, collapsed) {
    this.#state = state;
    this.#edited = false;
    this.#results = new Map();
    for (const card of this.#cards.values()) card.element.remove();
    this.#cards.clear();
    for (const query of state.queries) this.#newCard(query.refId, collapsed);
    this.#save(false);
    this.#runner.every(state.refresh);
    this.#runNow();
    this.#render();
  }

  // ---- queries

  #newCard(refId, collapsed = false) {
    const card = new QueryCard(refId, {
      change: (id, fields) => this.#edit(id, fields),
      source: (id, source) => this.#changeSource(id, source),
      example: (id, example) => this.#useExample(id, example),
      run: () => this.#runNow(),
      remove: (id) => this.#remove(id),
      duplicate: (id) => this.#duplicate(id),
    }, collapsed);
    this.#cards.set(refId, card);
    byId('cards').append(card.element);
    return card;
  }

  #queryOf(refId) {
    return this.#state.queries.find((query) => query.refId === refId);
  }

  #edit(refId, fields) {
    Object.assign(this.#queryOf(refId), fields);
    // The first edit after a run is a new step of the history, so that Back leads to what was shown.
    if (!this.#edited) this.#save(true);
    this.#edited = true;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => this.#save(false), SAVE_AFTER_MS);
    this.#renderCards();
  }

  #changeSource(refId, source) {
    const query = this.#queryOf(refId);
    const [before, after] = [query.source, source].map((name) => this.#backends.find((one) => one.name === name));
    const fields = { source };
    // A query makes no sense in another language: start from the first example there.
    if (before?.language !== after?.language) {
      const example = after?.examples?.[0];
      Object.assign(fields, example ? this.#fromExample(refId, source, example) : { expression: '', parameters: '' });
    }
    this.#edit(refId, fields);
    this.#suitView();
    this.#runNow();
  }

  #useExample(refId, example) {
    this.#edit(refId, this.#fromExample(refId, this.#queryOf(refId).source, example));
    this.#suitView();
    this.#runNow();
  }

  /** A picked example is shown where it can be seen: a chart of nothing but tables would be empty. */
  #suitView() {
    const shown = this.#state.queries.filter((query) => !query.off);
    const tables = shown.filter((query) => query.format === 'table').length;
    if (this.#state.view === 'chart' && tables === shown.length) this.#state.view = 'table';
    else if (this.#state.view === 'table' && tables === 0) this.#state.view = 'chart';
  }

  #add(source) {
    if (this.#full()) return;
    const backend = this.#backends.find((one) => one.name === source) ?? this.#backends.find((one) => one.configured);
    const refId = nextRefId(this.#state.queries);
    const used = new Set(this.#state.queries.map((query) => query.expression));
    const examples = backend?.examples ?? [];
    const example = examples.find((one) => !used.has(one.expression)) ?? examples[0];
    this.#insert(example ? this.#fromExample(refId, backend.name, example) : newQuery(refId, backend?.name ?? ''));
  }

  #duplicate(refId) {
    if (!this.#full()) this.#insert({ ...this.#queryOf(refId), refId: nextRefId(this.#state.queries) });
  }

  #full() {
    const full = this.#state.queries.length >= MAX_QUERIES;
    if (full) this.#banner(`A panel holds ${MAX_QUERIES} queries at most.`);
    return full;
  }

  #insert(query) {
    this.#state.queries.push(query);
    const card = this.#newCard(query.refId);
    this.#suitView();
    this.#save(true);
    this.#render();
    card.focus();
    this.#runNow();
  }

  #remove(refId) {
    this.#state.queries = this.#state.queries.filter((query) => query.refId !== refId);
    this.#state.hidden = this.#state.hidden.filter((key) => !key.startsWith(`${refId}:`));
    this.#cards.get(refId).element.remove();
    this.#cards.delete(refId);
    this.#results.delete(refId);
    this.#save(true);
    this.#render();
    this.#runNow();
    byId('add').focus();
  }

  // ---- time range and view

  #setRange(from, to) {
    this.#ranges = [];
    this.#applyRange(from, to);
  }

  #applyRange(from, to) {
    Object.assign(this.#state, { from, to });
    this.#save(true);
    this.#render();
    this.#runNow();
  }

  #zoom(from, to) {
    this.#ranges.push([this.#state.from, this.#state.to]);
    this.#applyRange(String(from), String(to));
  }

  #back() {
    const before = this.#ranges.pop();
    if (before) this.#applyRange(...before);
  }

  #edges() {
    return resolveRange(this.#state.from, this.#state.to, Date.now());
  }

  #shift(direction) {
    const [from, to] = this.#edges();
    const step = Math.round((to - from) / 2) * direction;
    this.#setRange(String(from + step), String(to + step));
  }

  #zoomOut() {
    const [from, to] = this.#edges();
    const span = to - from;
    if (this.#state.to === 'now') this.#setRange(`now-${Math.round((span * 2) / 1000)}s`, 'now');
    else this.#setRange(String(Math.round(from - span / 2)), String(Math.round(to + span / 2)));
  }

  #changeView(fields) {
    Object.assign(this.#state, fields);
    this.#save(false);
    if ('refresh' in fields) this.#runner.every(fields.refresh);
    this.#render();
  }

  #save(push) {
    clearTimeout(this.#saveTimer);
    const hash = `#${encode(this.#state)}`;
    if (hash === location.hash) return;
    history[push ? 'pushState' : 'replaceState'](null, '', hash);
  }

  // ---- running

  #runNow() {
    this.#save(false);
    if (this.#backends.length > 0) this.#runner.run(true);
  }

  async #query(signal) {
    this.#edited = false;
    const { request, range, refused } = buildRequest(this.#state, this.#backends, this.#panel.points());
    const asked = this.#state.queries.filter((query) => !query.off);
    let answer = null;
    try {
      if (request) answer = await api.query(request, signal);
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      this.#banner(this.#words(error), () => this.#runNow());
      return;
    }
    this.#banner('');
    this.#run = answer && { milliseconds: answer.milliseconds, bytes: answer.bytes, request };
    this.#results = new Map(asked.map((query) =>
      [query.refId, refused.get(query.refId) ?? readResult(query, answer?.results[query.refId])]));
    this.#panel.setRange(range);
  }

  #onStart(byHand) {
    clearTimeout(this.#busyTimer);
    // Only what takes long enough to be noticed is announced: a refresh every second must not flicker.
    this.#busyTimer = setTimeout(() => this.#busy(true, byHand), 250);
  }

  #onEnd() {
    clearTimeout(this.#busyTimer);
    this.#busy(false, false);
    this.#render();
  }

  #busy(busy, byHand) {
    byId('progress').hidden = !busy;
    setText(byId('run'), busy && byHand ? 'Cancel' : 'Run');
  }

  async #watchHealth() {
    try {
      if (!document.hidden) this.#health = (await api.health()).backends;
    } catch {
      // A server that is gone is told by the queries; the last known health stays.
    }
    this.#renderCards();
    setTimeout(() => this.#watchHealth(), HEALTH_EVERY_MS);
  }

  // ---- drawing

  #render() {
    const state = this.#state;
    this.#range.update(state.from, state.to);
    byId('refresh').value = String(state.refresh);
    const live = state.refresh > 0 && isRelative(state.to);
    byId('live-dot').hidden = !live;
    setAttribute(byId('refresh'), 'title', state.refresh > 0 && !live ? 'Paused: the range does not end now' : null);
    this.#renderCards();
    this.#panel.render(state, this.#results, this.#run, this.#backends);
    this.#renderSummary();
  }

  #renderCards() {
    this.#sources.update(this.#backends, this.#health);
    for (const query of this.#state.queries) {
      this.#cards.get(query.refId).update(query, this.#backends, this.#health, this.#results.get(query.refId));
    }
  }

  #renderSummary() {
    if (!this.#run) {
      setText(byId('summary'), '');
      return;
    }
    let rows = 0;
    for (const result of this.#results.values()) for (const frame of result.frames) rows += frame.length;
    setText(byId('summary'), `${count(rows, 'row')}, ${formatNumber(this.#run.bytes, 'bytes')}, `
      + `${formatNumber(this.#run.milliseconds, 'ms', 0)}, ${formatTime(Date.now()).slice(11, 19)}`);
  }

  #words(error) {
    if (!(error instanceof api.ApiError)) return `Something went wrong in the page: ${error.message}`;
    return error.requestId ? `${error.message} (request ${error.requestId})` : error.message;
  }

  #banner(message, retry = null) {
    const banner = byId('banner');
    // The same message again would be read aloud again.
    if (banner.dataset.message === message) return;
    banner.dataset.message = message;
    banner.hidden = !message;
    banner.replaceChildren(...(message ? [h('span', { text: message })] : []),
      ...(message && retry ? [h('button', { type: 'button', class: 'quiet', text: 'Try again', on: { click: retry } })] : []));
  }

  async #share() {
    this.#save(false);
    const button = byId('share');
    let done = true;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      done = false;
    }
    setText(button, done ? 'Copied' : 'Copy it from the address bar');
    setTimeout(() => setText(button, 'Copy link'), 1600);
  }

  #toggleTheme() {
    const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('bigtent.theme', theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    this.#render();
  }
}

new App().start();
