/** The list of sources with their health: where a person begins. */
import { h, iconButton, setAttribute, setText } from './dom.js';

/** What is known of a source: 'ok', 'error', 'off' (not configured) or 'unknown', and the words for it. */
export function sourceStatus(backend, health) {
  if (!backend.configured) return { level: 'off', word: 'not configured', message: backend.message ?? '' };
  const status = health?.status ?? 'UNKNOWN';
  const message = health?.message || backend.message || '';
  if (status === 'OK') return { level: 'ok', word: 'healthy', message };
  if (status === 'ERROR') return { level: 'error', word: 'failing', message };
  return { level: 'unknown', word: 'health unknown', message };
}

/** A dot in the colour of a level; what it means is in words beside it or in its title. */
export function statusDot() {
  return h('span', { class: 'dot' });
}

export function setDot(dot, status) {
  dot.className = `dot ${status.level}`;
  setAttribute(dot, 'title', status.word);
}

function detailText(value) {
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export class SourceList {
  #host;
  #onAdd;
  #rows = new Map();

  /** `onAdd(name)` follows the button that starts a query to a source. */
  constructor(host, onAdd) {
    this.#host = host;
    this.#onAdd = onAdd;
  }

  update(backends, health) {
    const names = backends.map((backend) => backend.name);
    if (names.join('\n') !== [...this.#rows.keys()].join('\n')) {
      this.#rows = new Map(backends.map((backend) => [backend.name, this.#newRow(backend)]));
      this.#host.replaceChildren(...[...this.#rows.values()].map((row) => row.element));
    }
    for (const backend of backends) this.#updateRow(this.#rows.get(backend.name), backend, health?.[backend.name]);
  }

  #newRow(backend) {
    const dot = statusDot();
    const word = h('span', { class: 'visually-hidden' });
    const summary = h('span', { class: 'source-message' });
    const message = h('p');
    const details = h('dl');
    const add = iconButton('plus', `Add a query to ${backend.name}`, () => this.#onAdd(backend.name));
    const element = h('li', { class: 'source', 'data-source': backend.name },
      h('details', {},
        h('summary', {}, dot, h('span', { class: 'source-name', text: backend.name }), word, summary),
        h('div', { class: 'source-body' }, message, details)),
      add);
    return { element, dot, word, summary, message, details };
  }

  #updateRow(row, backend, health) {
    const status = sourceStatus(backend, health);
    setDot(row.dot, status);
    setText(row.word, `, ${status.word}`);
    setText(row.summary, (status.level === 'off' ? `not configured: ${status.message}` : status.message).split('\n')[0]);
    setText(row.message, status.message || 'Nothing more is known.');
    const details = Object.entries({ type: backend.type, language: backend.language, ...health?.details });
    row.details.replaceChildren(...details.filter(([, value]) => value !== undefined && value !== null)
      .flatMap(([key, value]) => [h('dt', { text: key }), h('dd', { text: detailText(value) })]));
  }
}
