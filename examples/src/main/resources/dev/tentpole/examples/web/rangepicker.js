/** The button that shows the time range, and the form behind it. */
import { h, icon, iconButton, setAttribute, setText } from './dom.js';
import { QUICK_RANGES, momentText, normalise, rangeLabel, resolve } from './range.js';

export class RangePicker {
  #onPick;
  #label = h('span');
  #button;
  #panel;
  #from;
  #to;
  #error = h('p', { class: 'form-error', role: 'alert', hidden: true });
  #quick = new Map();

  /** `onPick(from, to)` gets moments as they are sent; `onShift(direction)` and `onZoomOut()` follow the arrows. */
  constructor(host, { onPick, onShift, onZoomOut }) {
    this.#onPick = onPick;
    this.#button = h('button', {
      type: 'button', class: 'range-button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', id: 'range-button',
      on: { click: () => this.#toggle() },
    }, icon('clock'), this.#label, icon('chevron'));
    this.#from = h('input', { type: 'text', id: 'range-from', autocomplete: 'off', spellcheck: 'false' });
    this.#to = h('input', { type: 'text', id: 'range-to', autocomplete: 'off', spellcheck: 'false' });
    this.#panel = this.#buildPanel();
    host.append(iconButton('left', 'Earlier', () => onShift(-1)), this.#button, iconButton('right', 'Later', () => onShift(1)),
      iconButton('zoomOut', 'Twice the range', onZoomOut), this.#panel);
    document.addEventListener('pointerdown', (event) => {
      if (!this.#panel.hidden && !host.contains(event.target)) this.#close();
    });
    host.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.#panel.hidden) {
        this.#close();
        this.#button.focus();
      }
    });
  }

  update(from, to) {
    const label = rangeLabel(from, to);
    setText(this.#label, label);
    setAttribute(this.#button, 'aria-label', `Time range: ${label}`);
    for (const [value, button] of this.#quick) setAttribute(button, 'aria-current', to === 'now' && from === value ? 'true' : null);
    if (this.#panel.hidden) {
      this.#from.value = momentText(from);
      this.#to.value = momentText(to);
    }
  }

  #buildPanel() {
    const quick = QUICK_RANGES.map(([from, title]) => {
      const button = h('button', { type: 'button', class: 'quick', text: title, on: { click: () => this.#pick(from, 'now') } });
      this.#quick.set(from, button);
      return button;
    });
    const form = h('form', { class: 'range-form', on: { submit: (event) => { event.preventDefault(); this.#submit(); } } },
      h('label', { for: 'range-from', text: 'From' }), this.#from,
      h('label', { for: 'range-to', text: 'To' }), this.#to,
      h('p', { class: 'hint', text: 'now-6h, 2026-01-31 08:00:00, or epoch milliseconds' }),
      h('p', { class: 'hint', text: `Times are local: ${Intl.DateTimeFormat().resolvedOptions().timeZone}` }), this.#error,
      h('button', { type: 'submit', class: 'primary', text: 'Apply' }));
    return h('div', { class: 'popover', role: 'dialog', 'aria-label': 'Time range', hidden: true },
      h('div', { class: 'quick-list' }, ...quick), form);
  }

  #toggle() {
    if (this.#panel.hidden) {
      this.#panel.hidden = false;
      this.#button.setAttribute('aria-expanded', 'true');
      this.#error.hidden = true;
      (this.#panel.querySelector('[aria-current]') ?? this.#from).focus();
    } else {
      this.#close();
    }
  }

  #close() {
    this.#panel.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }

  #pick(from, to) {
    this.#close();
    this.#button.focus();
    this.#onPick(from, to);
  }

  #submit() {
    const [from, to] = [normalise(this.#from.value), normalise(this.#to.value)];
    const now = Date.now();
    let problem = '';
    if (from === null) problem = `From: "${this.#from.value}" is no time.`;
    else if (to === null) problem = `To: "${this.#to.value}" is no time.`;
    else if (resolve(from, now) >= resolve(to, now, true)) problem = 'From must be before To.';
    this.#error.hidden = !problem;
    setText(this.#error, problem);
    if (!problem) this.#pick(from, to);
  }
}
