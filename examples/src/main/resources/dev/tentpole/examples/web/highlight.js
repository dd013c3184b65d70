/** Colours for queries: enough to see strings, macros and keywords at a glance, no more. */
import { h } from './dom.js';

const SQL_WORDS = 'select|from|where|and|or|not|in|is|null|like|between|case|when|then|else|end|as|on|using|join|inner|left|right|'
  + 'outer|cross|union|all|distinct|group|order|by|having|limit|offset|asc|desc|with|recursive|over|partition|interval|exists|'
  + 'true|false|cast|show|describe|explain|values|div|mod|rows|range|window|straight_join|natural|except|intersect';
const PROMQL_WORDS = 'by|without|on|ignoring|group_left|group_right|bool|offset|and|or|unless|atan2|inf|nan';

/** Each language as one expression whose named groups are the classes; what matches none is plain. */
const LANGUAGES = {
  sql: new RegExp(
    '(?<comment>--[^\\n]*|#[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$))'
    + "|(?<string>'(?:[^'\\\\]|\\\\.|'')*'?|\"(?:[^\"\\\\]|\\\\.|\"\")*\"?|`[^`]*`?)"
    + '|(?<macro>\\$__\\w+)'
    + `|\\b(?<word>${SQL_WORDS})\\b`
    + '|(?<call>\\b[a-z_]\\w*)(?=\\s*\\()'
    + '|(?<number>\\b\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?\\b)', 'gi'),
  promql: new RegExp(
    '(?<comment>#[^\\n]*)'
    + "|(?<string>'(?:[^'\\\\]|\\\\.)*'?|\"(?:[^\"\\\\]|\\\\.)*\"?|`[^`]*`?)"
    + '|(?<macro>\\$__\\w+)'
    + `|\\b(?<word>${PROMQL_WORDS})\\b`
    + '|(?<call>\\b[a-z_]\\w*)(?=\\s*\\()'
    + '|(?<number>\\b\\d+(?:\\.\\d+)?(?:(?:ms|[smhdwy])(?:\\d+(?:ms|[smhdwy]))*)?\\b)', 'gi'),
};

/** Cuts a text into [class, text] pairs; the texts together are the text. */
export function tokens(text, language) {
  const pattern = LANGUAGES[language];
  if (!pattern) return [['', text]];
  const out = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    if (match.index > from) out.push(['', text.slice(from, match.index)]);
    out.push([kind, match[0]]);
    from = match.index + match[0].length;
  }
  if (from < text.length) out.push(['', text.slice(from)]);
  return out;
}

/** Beyond this, colours are not worth the time that each key would take. */
const LONGEST = 20000;

/** Fills an element that lies below a text area with the same text, in colours. */
export function paint(element, text, language) {
  const parts = text.length > LONGEST ? [['', text]] : tokens(text, language);
  // A last line that is empty has no height without something in it.
  element.replaceChildren(...parts.map(([kind, part]) => (kind ? h('span', { class: `tok-${kind}`, text: part }) : part)), '\u200b');
}
