/** A text area for queries: it grows with its text, runs on Ctrl+Enter and indents where a person would want it. */
import { h } from './dom.js';
import { paint } from './highlight.js';

const INDENT = '  ';

/** Replaces the selection as if typed, so that undo keeps working. */
function type(area, text) {
  // The command is old, but it is the only way that keeps the browser's own undo history.
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function lineStart(area) {
  return area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
}

function indentLines(area, outdent) {
  const start = lineStart(area);
  const end = area.selectionEnd;
  const lines = area.value.slice(start, end).split('\n');
  const text = lines.map((line) => (outdent ? line.replace(/^ {1,2}/, '') : INDENT + line)).join('\n');
  area.setSelectionRange(start, end);
  type(area, text);
  area.setSelectionRange(start, start + text.length);
}

/**
 * Builds the area. Tab indents only while a person is editing several lines (after a key or a click in the text, at
 * the start of a line or with lines selected); otherwise, and after Escape, it moves the focus: nobody is trapped.
 */
export function codeArea({ label, rows = 3, placeholder = '', onInput, onRun }) {
  let editing = false;
  let language = '';
  const area = h('textarea', {
    class: 'code', 'aria-label': label, rows, placeholder, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off',
    wrap: 'soft', title: 'Ctrl+Enter runs. Tab indents at the start of a line; Escape, then Tab leaves.',
  });
  const colours = h('pre', { class: 'code-colours', 'aria-hidden': 'true' });
  const grow = () => {
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight + 2, 420)}px`;
  };
  const changed = () => {
    paint(colours, area.value, language);
    grow();
  };
  area.addEventListener('scroll', () => { colours.scrollTop = area.scrollTop; });
  area.addEventListener('input', () => {
    editing = true;
    changed();
    onInput(area.value);
  });
  area.addEventListener('pointerdown', () => { editing = true; });
  area.addEventListener('blur', () => { editing = false; });
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun();
    } else if (event.key === 'Escape') {
      editing = false;
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      const before = /^ */.exec(area.value.slice(lineStart(area), area.selectionStart))[0];
      if (before) {
        event.preventDefault();
        type(area, `\n${before}`);
      }
    } else if (event.key === 'Tab' && editing && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const several = area.value.slice(area.selectionStart, area.selectionEnd).includes('\n');
      const atIndent = area.value.includes('\n') && /^\s*$/.test(area.value.slice(lineStart(area), area.selectionStart));
      if (!several && !atIndent) return;
      event.preventDefault();
      if (several || event.shiftKey) indentLines(area, event.shiftKey);
      else type(area, INDENT);
    }
  });
  let width = 0;
  new ResizeObserver(() => {
    if (area.offsetWidth === width) return;
    width = area.offsetWidth;
    // Its own frame: a height changed while the observer reports would be reported again.
    if (width > 0) requestAnimationFrame(grow);
  }).observe(area);
  return {
    element: h('div', { class: 'code-box' }, colours, area),
    area,
    set(value) {
      if (area.value === value) return;
      area.value = value;
      changed();
    },
    setLanguage(name) {
      language = name;
      changed();
    },
    grow,
  };
}
