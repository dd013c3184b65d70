/** Small DOM tools. Text reaches the page as text nodes only, never as markup. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Builds an element. `class`, `text` and `on` (listeners by event) are special; a property whose value is
 * null, undefined or false is left out, true sets an empty attribute.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'class') element.className = value;
    else if (name === 'text') element.textContent = value;
    else if (name === 'value') element.value = value;
    else if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only where it differs: what did not change is neither laid out nor announced again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or removes an attribute, only where it differs. */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

const ICONS = {
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  chevron: 'M4 6l4 4 4-4',
  left: 'M10 4L6 8l4 4',
  right: 'M6 4l4 4-4 4',
  eye: 'M1.500 8C3 5 5.300 3.500 8 3.500S13 5 14.500 8C13 11 10.700 12.500 8 12.500S3 11 1.500 8zM8 6a2 2 0 100 4 2 2 0 000-4z',
  eyeOff: 'M2 2l12 12M6 3.800c.6-.2 1.300-.3 2-.3 2.700 0 5 1.500 6.500 4.500-.5 1-1.100 1.800-1.800 2.500M10 12.200c-.6.2-1.300.3-2 .3-2.700 0-5-1.500-6.500-4.500.5-1 1.100-1.800 1.800-2.500',
  link: 'M6.500 9.500l3-3M7 4.500l1.500-1.500a3.200 3.200 0 014.500 4.500L11.500 9M9 11.500L7.500 13A3.200 3.200 0 013 8.500L4.500 7',
  clock: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 5v3.500l2.500 1.500',
  zoomOut: 'M7 2.500a4.500 4.500 0 100 9 4.500 4.500 0 000-9zM10.300 10.300L14 14M5 7h4',
  play: 'M5 3.500v9l7-4.500z',
  stop: 'M4.500 4.500h7v7h-7z',
  theme: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 2v12',
  warning: 'M8 2.500L14.500 13.500h-13zM8 6.500v3.500M8 11.700v.3',
  download: 'M8 2.500v7.500M5 7l3 3 3-3M3 13h10',
};

/** A line icon of 16 by 16, drawn in the text's colour and hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon: its label is read aloud and shown on hover. */
export function iconButton(name, label, onClick, props = {}) {
  return h('button', {
    type: 'button', class: 'icon-button', 'aria-label': label, title: label, on: { click: onClick }, ...props,
  }, icon(name));
}
