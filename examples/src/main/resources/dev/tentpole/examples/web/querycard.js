/** One query of the panel: its source, its text, and what came of it. */
import { h, iconButton, setAttribute, setText, icon } from './dom.js';
import { codeArea } from './editor.js';
import { UNIT_CHOICES } from './format.js';
import { setDot, sourceStatus, statusDot } from './sources.js';

const LANGUAGES = {
  sql: { label: 'SQL', placeholder: 'SELECT …\nUse $__timeFilter(column) and $__timeGroup(column, $__interval).' },
  promql: { label: 'PromQL', placeholder: 'rate(metric_total[1m])' },
  rest: { label: 'Path', placeholder: '/path' },
};

export class QueryCard {
  #actions;
  #refId;
  #backend = null;
  #examples = [];
  #parts;

  /** `actions`: change(refId, fields), run(), example(refId, example), remove(refId), duplicate(refId). */
  constructor(refId, actions, collapsed = false) {
    this.#refId = refId;
    this.#actions = actions;
    this.#parts = this.#build();
    this.element = this.#parts.element;
    this.collapse(collapsed);
  }

  #change(fields) {
    this.#actions.change(this.#refId, fields);
  }

  #build() {
    const refId = this.#refId;
    const dot = statusDot();
    const source = h('select', {
      class: 'source-select', 'aria-label': `Source of query ${refId}`,
      on: { change: () => this.#actions.source(refId, source.value) },
    });
    const format = h('select', {
      class: 'format-select', 'aria-label': `Format of query ${refId}`,
      on: { change: () => { this.#change({ format: format.value }); this.#actions.run(); } },
    }, h('option', { value: 'time_series', text: 'Time series' }), h('option', { value: 'table', text: 'Table' }));
    const toggle = h('button', {
      type: 'button', class: 'icon-button twist', 'aria-label': `Show or hide the text of query ${refId}`, 'aria-expanded': 'true',
      on: { click: () => this.collapse(this.#parts.toggle.getAttribute('aria-expanded') === 'true') },
    }, icon('chevron'));
    const off = iconButton('eye', `Switch query ${refId} off`, () => {
      this.#change({ off: !this.#parts.element.classList.contains('switched-off') });
      this.#actions.run();
    });
    const duplicate = iconButton('copy', `Duplicate query ${refId}`, () => this.#actions.duplicate(refId));
    const remove = iconButton('close', `Remove query ${refId}`, () => this.#actions.remove(refId));
    const preview = h('button', { type: 'button', class: 'preview', tabindex: '-1', on: { click: () => this.collapse(false) } });
    const example = h('select', {
      class: 'tool-select', 'aria-label': `Examples for query ${refId}`,
      on: {
        change: () => {
          const chosen = this.#examples[Number(example.value)];
          example.value = '';
          if (chosen) this.#actions.example(refId, chosen);
        },
      },
    });
    const unit = h('select', {
      class: 'tool-select', 'aria-label': `Unit of query ${refId}`,
      on: { change: () => { this.#change({ unit: unit.value }); this.#actions.run(); } },
    }, ...UNIT_CHOICES.map(([value, text]) => h('option', { value, text })));
    const language = h('span', { class: 'language' });
    const expression = codeArea({
      label: `Query ${refId}`, onInput: (value) => this.#change({ expression: value }), onRun: () => this.#actions.run(),
    });
    const parameters = codeArea({
      label: `Parameters of query ${refId}, as JSON`, rows: 2, placeholder: '{ }',
      onInput: (value) => this.#change({ parameters: value }), onRun: () => this.#actions.run(),
    });
    const parametersBox = h('details', { class: 'parameters', on: { toggle: () => parameters.grow() } },
      h('summary', { text: 'Parameters (JSON)' }), parameters.element);
    const state = h('p', { class: 'card-state' });
    const error = h('div', { class: 'card-error', role: 'alert', hidden: true });
    const result = h('p', { class: 'card-result' });
    const body = h('div', { class: 'card-body' }, state,
      h('div', { class: 'card-tools' }, language, h('span', { class: 'grow' }), unit, example), expression.element, parametersBox);
    const element = h('li', { class: 'card', 'data-ref': refId },
      h('div', { class: 'card-head' }, toggle, h('span', { class: 'ref', text: refId }), dot, source, format,
        h('span', { class: 'grow' }), off, duplicate, remove),
      preview, body, error, result);
    return { element, dot, source, format, toggle, off, preview, example, unit, language, expression, parameters, parametersBox, state, error, result };
  }

  collapse(collapsed) {
    this.element.classList.toggle('collapsed', collapsed);
    this.#parts.toggle.setAttribute('aria-expanded', String(!collapsed));
    if (!collapsed) requestAnimationFrame(() => this.#grow());
  }

  #grow() {
    this.#parts.expression.grow();
    this.#parts.parameters.grow();
  }

  focus() {
    this.collapse(false);
    this.element.scrollIntoView({ block: 'nearest' });
    this.#parts.expression.area.focus();
  }

  /** Shows the query, its source and what came of its last run ({error, summary}). */
  update(query, backends, health, result) {
    const parts = this.#parts;
    const backend = backends.find((one) => one.name === query.source) ?? null;
    this.#sources(backends, query.source);
    if (backend !== this.#backend) this.#source(backend);
    parts.source.value = query.source;
    parts.format.value = query.format;
    this.#unit(query);
    parts.expression.set(query.expression);
    parts.parameters.set(query.parameters);
    parts.parametersBox.hidden = backend?.language !== 'rest' && !query.parameters.trim();
    setText(parts.preview, query.expression.replace(/\s+/g, ' ').trim() || '(empty)');
    parts.element.classList.toggle('switched-off', query.off);
    setAttribute(parts.off, 'aria-pressed', query.off);
    const word = query.off ? `Switch query ${query.refId} on` : `Switch query ${query.refId} off`;
    setAttribute(parts.off, 'aria-label', word);
    setAttribute(parts.off, 'title', word);
    this.#status(query, backend, health, result);
    this.#outcome(query, result);
  }

  #unit(query) {
    const { unit } = this.#parts;
    unit.hidden = query.format !== 'time_series';
    if (![...unit.options].some((option) => option.value === query.unit)) unit.append(h('option', { value: query.unit, text: query.unit }));
    unit.value = query.unit;
  }

  #sources(backends, chosen) {
    const names = backends.map((one) => [one.name, one.configured ? one.name : `${one.name} (not configured)`]);
    if (chosen && !backends.some((one) => one.name === chosen)) names.push([chosen, `${chosen} (unknown)`]);
    const wanted = JSON.stringify(names);
    if (this.#parts.source.dataset.names === wanted) return;
    this.#parts.source.dataset.names = wanted;
    this.#parts.source.replaceChildren(...names.map(([value, text]) => h('option', { value, text })));
  }

  #source(backend) {
    this.#backend = backend;
    this.#examples = backend?.examples ?? [];
    const language = LANGUAGES[backend?.language] ?? { label: backend?.language ?? '', placeholder: '' };
    setText(this.#parts.language, language.label);
    this.#parts.expression.area.placeholder = language.placeholder;
    this.#parts.expression.setLanguage(backend?.language ?? '');
    this.#parts.example.hidden = this.#examples.length === 0;
    this.#parts.example.replaceChildren(h('option', { value: '', text: 'Examples…' }),
      ...this.#examples.map((one, i) => h('option', { value: String(i), text: one.title ?? one.expression })));
  }

  #status(query, backend, health, result) {
    const { dot, state } = this.#parts;
    if (!backend) {
      setDot(dot, { level: 'unknown', word: 'unknown source' });
      setText(state, query.source ? `There is no source named "${query.source}". Pick one of the list.` : 'Pick a source.');
      state.hidden = false;
      return;
    }
    const status = sourceStatus(backend, health?.[backend.name]);
    setDot(dot, status);
    // What the source's health has to say, an error of the query says already.
    state.hidden = status.level === 'ok' || status.level === 'unknown' || Boolean(result?.error);
    state.className = `card-state ${status.level}`;
    setText(state, status.level === 'off' ? `Not configured. ${status.message}` : status.message);
  }

  #outcome(query, result) {
    const { error, result: line } = this.#parts;
    const message = query.off ? '' : result?.error ?? '';
    error.hidden = !message;
    if (message) {
      const origin = result.errorSource === 'downstream' ? 'The source says' : result.errorSource === 'plugin' ? 'Big Tent says' : '';
      const head = [origin, result.status ? `(${result.status})` : ''].filter(Boolean).join(' ');
      if (error.dataset.message !== `${head} ${message}`) {
        error.dataset.message = `${head} ${message}`;
        error.replaceChildren(icon('warning'), h('div', {},
          head ? h('span', { class: 'error-head', text: head }) : null, h('span', { class: 'error-text', text: message })));
      }
    } else {
      delete error.dataset.message;
      error.replaceChildren();
    }
    setText(line, query.off ? 'Switched off' : message ? '' : result?.summary ?? '');
    line.hidden = !line.textContent;
  }
}
