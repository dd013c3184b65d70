/** The time-series chart: uPlot with Big Tent's axes, tooltip, zoom and colours. */
import { h, setText } from './dom.js';
import { align } from './series.js';
import { TIME_INCREMENTS, axisIncrements, axisNumbers, axisTimes, formatNumber, formatTime } from './format.js';

const TOOLTIP_ROWS = 12;
/** Beyond this many lines, a marker per line on the crosshair costs more than it shows. */
const MARKED_SERIES = 40;
const SCALE_SIDES = [3, 1, 1];

const PALETTE = {
  dark: ['#5b9cf5', '#e8b04b', '#5ec48d', '#e5736b', '#b48be0', '#4fc3c7', '#e58fb8', '#a9c15a', '#8fa8c8', '#d99a6c',
    '#7f8cf0', '#6fd0a8', '#d6c16a', '#c77dca', '#66b2e8', '#c0a080'],
  light: ['#2268c8', '#b37400', '#1f8a54', '#c43f36', '#7a4bb5', '#0d8489', '#b8437f', '#6b8210', '#4d6a90', '#a8602a',
    '#4a55c7', '#1b8f6a', '#8f7a12', '#94389a', '#1f7fb8', '#7d5f3c'],
};

/** The colour of the n-th series in a theme; the palette repeats in shades of its own. */
export function colour(index, theme) {
  const palette = PALETTE[theme];
  return palette[index % palette.length];
}

function scaleKey(unit) {
  return `y:${unit}`;
}

function themeColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return { text: read('--muted'), grid: read('--grid'), font: `11px ${read('--sans')}` };
}

/** For a series without a value at the pointer's time: its own nearest one, so that slow and fast sources compare. */
function nearestIndex(chart, seriesIndex, index) {
  const values = chart.data[seriesIndex];
  if (seriesIndex === 0 || values[index] !== undefined) return index;
  let before = index;
  let after = index;
  while (before >= 0 && values[before] === undefined) before--;
  while (after < values.length && values[after] === undefined) after++;
  if (before < 0) return after < values.length ? after : index;
  if (after >= values.length) return before;
  const times = chart.data[0];
  return times[index] - times[before] <= times[after] - times[index] ? before : after;
}

export class TimeChart {
  #host;
  #handlers;
  #tooltip;
  #spoken;
  #plot = null;
  #signature = '';
  #series = [];
  #range = [0, 1];

  /** `handlers.zoom(fromMs, toMs)` follows a drag over the chart, `handlers.back()` a double click. */
  constructor(host, handlers) {
    this.#host = host;
    this.#handlers = handlers;
    this.#tooltip = h('div', { class: 'tooltip', hidden: true });
    this.#spoken = h('div', { class: 'visually-hidden', 'aria-live': 'polite' });
    host.append(this.#spoken);
    host.addEventListener('keydown', (event) => this.#onKey(event));
    host.addEventListener('blur', () => this.#leave());
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  /** Draws series ({key, name, unit, colour, show, times, values, …}) over a time range in epoch milliseconds. */
  draw(series, range, theme) {
    this.#range = range;
    this.#series = series;
    const data = align(series, window.uPlot.join);
    const signature = JSON.stringify([theme, series.map((one) => [one.key, one.unit, one.colour, one.limits])]);
    if (this.#plot && signature === this.#signature) {
      series.forEach((one, i) => {
        if (this.#plot.series[i + 1].show !== one.show) this.#plot.setSeries(i + 1, { show: one.show });
      });
      this.#plot.setData(data);
    } else {
      this.clear();
      this.#signature = signature;
      this.#plot = new window.uPlot(this.#options(series), data, this.#host);
      this.#plot.over.append(this.#tooltip);
    }
    this.#describe();
  }

  /** Takes the chart away. */
  clear() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#signature = '';
    this.#tooltip.hidden = true;
  }

  /** Brings one series to the front, or none (null). */
  focus(index) {
    this.#plot?.setSeries(index === null ? null : index + 1, { focus: index !== null });
  }

  #describe() {
    const shown = this.#series.filter((one) => one.show).length;
    this.#host.setAttribute('aria-label', `Time series chart of ${shown} series from ${formatTime(this.#range[0])} to `
      + `${formatTime(this.#range[1])}. Arrow keys move the crosshair; the legend and the table below have the numbers.`);
  }

  #size() {
    return { width: Math.max(120, this.#host.clientWidth), height: Math.max(120, this.#host.clientHeight) };
  }

  #resize() {
    if (this.#plot && this.#host.clientWidth > 0) this.#plot.setSize(this.#size());
  }

  #options(series) {
    const colours = themeColours();
    const units = [...new Set(series.map((one) => one.unit))];
    const grid = { stroke: colours.grid, width: 1 };
    const ticks = { stroke: colours.grid, width: 1, size: 4 };
    const base = { stroke: colours.text, font: colours.font, ticks };
    const axes = units.slice(0, SCALE_SIDES.length).map((unit, i) => ({
      ...base,
      scale: scaleKey(unit),
      side: SCALE_SIDES[i],
      grid: i === 0 ? grid : { show: false },
      incrs: axisIncrements(unit),
      space: 40,
      values: (chart, splits, axis, space, increment) => axisNumbers(splits, unit, increment),
      size: (chart, values) => 16 + 6.2 * Math.max(2, ...(values ?? []).map((value) => String(value ?? '').length)),
      gap: 5,
    }));
    const scales = { x: { time: true, auto: false, range: () => this.#range } };
    for (const unit of units) scales[scaleKey(unit)] = { range: this.#valueRange(unit) };
    return {
      ...this.#size(),
      ms: 1,
      padding: [10, units.length > 1 ? 4 : 14, 0, 4],
      legend: { show: false },
      focus: { alpha: 0.2 },
      cursor: {
        dataIdx: nearestIndex,
        points: { size: 7, ...(series.length > MARKED_SERIES ? { show: false } : {}) },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => () => this.#handlers.back() },
      },
      scales,
      series: [{}, ...series.map((one) => ({
        scale: scaleKey(one.unit),
        label: one.name,
        show: one.show,
        stroke: one.colour,
        fill: series.length === 1 ? `${one.colour}1c` : undefined,
        width: 1.4,
        points: { size: 4 },
      }))],
      axes: [{
        ...base,
        grid,
        size: 36,
        gap: 6,
        space: 72,
        incrs: TIME_INCREMENTS,
        values: (chart, splits, axis, space, increment) => axisTimes(splits, increment),
      }, ...axes],
      hooks: { setCursor: [(chart) => this.#onCursor(chart)], setSelect: [(chart) => this.#onSelect(chart)] },
    };
  }

  #valueRange(unit) {
    const members = this.#series.filter((one) => one.unit === unit);
    const [mins, maxs] = [0, 1].map((i) => members.map((one) => one.limits[i]).filter((limit) => limit !== null));
    const all = (limits) => limits.length === members.length && limits.length > 0;
    return (chart, min, max) => {
      if (min === null || max === null) return [0, 1];
      const [padLow, padded] = window.uPlot.rangeNum(min, max, 0.1, true);
      const whole = { percent: 100, percentunit: 1 }[unit];
      // Shares of a whole are compared with the whole.
      const low = whole !== undefined && min >= 0 ? 0 : padLow;
      const high = whole !== undefined && max <= whole ? Math.min(padded, whole) : padded;
      return [all(mins) ? Math.min(...mins, min) : low, all(maxs) ? Math.max(...maxs, max) : high];
    };
  }

  #onSelect(chart) {
    const { left, width } = chart.select;
    if (width < 4) return;
    const from = Math.round(chart.posToVal(left, 'x'));
    const to = Math.round(chart.posToVal(left + width, 'x'));
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (to > from) this.#handlers.zoom(from, to);
  }

  #rowsAt(chart) {
    const { top, idxs } = chart.cursor;
    const rows = [];
    this.#series.forEach((one, i) => {
      const index = idxs[i + 1];
      const value = one.show && index !== null && index !== undefined ? chart.data[i + 1][index] : null;
      if (value === null || value === undefined) return;
      const distance = Math.abs(chart.valToPos(value, scaleKey(one.unit)) - top);
      rows.push({ one, value, distance });
    });
    rows.sort((a, b) => a.distance - b.distance);
    const nearest = rows[0];
    const left = rows.length - TOOLTIP_ROWS;
    const kept = rows.slice(0, TOOLTIP_ROWS).sort((a, b) => b.value - a.value);
    return { kept, nearest, left };
  }

  #onCursor(chart) {
    const { left, top, idx } = chart.cursor;
    if (left < 0 || idx === null || idx === undefined) {
      this.#tooltip.hidden = true;
      return;
    }
    const { kept, nearest, left: more } = this.#rowsAt(chart);
    if (kept.length === 0) {
      this.#tooltip.hidden = true;
      return;
    }
    const lines = kept.map(({ one, value }) => h('div', { class: one === nearest.one ? 'tip-row near' : 'tip-row' },
      h('span', { class: 'swatch', style: `background:${one.colour}` }),
      h('span', { class: 'tip-name', text: one.name }),
      h('span', { class: 'tip-value', text: formatNumber(value, one.unit, one.decimals) })));
    this.#tooltip.replaceChildren(h('div', { class: 'tip-time', text: formatTime(chart.data[0][idx]) }), ...lines,
      ...(more > 0 ? [h('div', { class: 'tip-more', text: `and ${more} more` })] : []));
    this.#tooltip.hidden = false;
    this.#place(chart, left, top);
  }

  #place(chart, left, top) {
    const { offsetWidth: width, offsetHeight: height } = this.#tooltip;
    const room = chart.over.clientWidth;
    const x = left + 14 + width > room ? Math.max(0, left - 14 - width) : left + 14;
    const y = Math.max(0, Math.min(top - height / 2, chart.over.clientHeight - height));
    this.#tooltip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  #leave() {
    this.#plot?.setCursor({ left: -10, top: -10 });
    setText(this.#spoken, '');
  }

  #onKey(event) {
    const chart = this.#plot;
    if (!chart || chart.data[0].length === 0) return;
    if (event.key === 'Escape') {
      this.#leave();
      return;
    }
    const last = chart.data[0].length - 1;
    const stride = event.shiftKey ? 10 : 1;
    const current = chart.cursor.left >= 0 ? chart.cursor.idx ?? last : null;
    const moves = { ArrowLeft: -stride, ArrowRight: stride, Home: -Infinity, End: Infinity };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const target = current === null ? last : Math.max(0, Math.min(last, current + moves[event.key]));
    chart.setCursor({ left: chart.valToPos(chart.data[0][target], 'x'), top: chart.over.clientHeight / 3 });
    setText(this.#spoken, this.#tooltip.hidden ? '' : [...this.#tooltip.children].map((row) =>
      [...row.children].map((cell) => cell.textContent).join(' ') || row.textContent).join(', '));
  }
}
