/**
 * Grafana's JSON frames as columns.
 *
 * A decoded field has `values` (numbers, strings, booleans, parsed JSON, or null), and beside them what plain
 * JavaScript numbers cannot hold: `nanos` (nanoseconds below the millisecond of a time) and `exact` (row → digits
 * of an integer beyond 2^53).
 */

const KIND_BY_FRAME_TYPE = {
  int8: 'number', int16: 'number', int32: 'number', int64: 'number',
  uint8: 'number', uint16: 'number', uint32: 'number', uint64: 'number',
  float32: 'number', float64: 'number',
  string: 'string', bool: 'boolean', 'time.Time': 'time', 'json.RawMessage': 'json', enum: 'enum',
};
const KIND_BY_TYPE = { number: 'number', string: 'string', boolean: 'boolean', time: 'time', enum: 'enum' };

/** A frame that contradicts itself. */
export class FrameError extends Error {
  constructor(message) {
    super(message);
    this.name = 'FrameError';
  }
}

function kindOf(schema) {
  return KIND_BY_FRAME_TYPE[schema.typeInfo?.frame] ?? KIND_BY_TYPE[schema.type] ?? 'json';
}

function decodeNumbers(column, entities) {
  let values = column;
  const writable = () => {
    if (values === column) values = column.slice();
    return values;
  };
  let exact = null;
  for (let i = 0; i < column.length; i++) {
    const value = column[i];
    if (typeof value === 'string' || typeof value === 'bigint') {
      writable()[i] = Number(value);
      if (!Number.isSafeInteger(values[i])) (exact ??= new Map()).set(i, String(value));
    }
  }
  for (const [name, number] of [['NaN', NaN], ['Inf', Infinity], ['NegInf', -Infinity]]) {
    for (const row of entities?.[name] ?? []) writable()[row] = number;
  }
  return { values, exact };
}

function decodeField(schema, column, entities, nanos) {
  const kind = kindOf(schema);
  const numbers = kind === 'number' || kind === 'time' || kind === 'enum';
  const { values, exact } = numbers ? decodeNumbers(column, entities) : { values: column, exact: null };
  return {
    name: schema.name ?? '',
    kind,
    type: schema.typeInfo?.frame ?? schema.type ?? '',
    nullable: schema.typeInfo?.nullable === true,
    labels: schema.labels ?? null,
    config: schema.config ?? {},
    values,
    exact,
    nanos: kind === 'time' ? nanos ?? null : null,
  };
}

/** Decodes one frame of an answer; a frame whose columns do not fit its schema is refused with the column's name. */
export function decodeFrame(json) {
  const schema = json?.schema ?? {};
  const fieldSchemas = schema.fields ?? [];
  const columns = json?.data?.values ?? [];
  if (columns.length !== fieldSchemas.length && columns.length !== 0) {
    throw new FrameError(`The frame declares ${fieldSchemas.length} fields and brings ${columns.length} columns.`);
  }
  const fields = fieldSchemas.map((field, i) =>
    decodeField(field, columns[i] ?? [], json.data?.entities?.[i], json.data?.nanos?.[i]));
  const length = fields.length === 0 ? 0 : fields[0].values.length;
  for (const field of fields) {
    if (field.values.length !== length) {
      throw new FrameError(`Column "${field.name}" has ${field.values.length} values where "${fields[0].name}" has ${length}.`);
    }
  }
  return { name: schema.name ?? '', refId: schema.refId ?? '', meta: schema.meta ?? {}, schema, fields, length };
}

/** The first time field with values, or null: a frame without one has no place on a time axis. */
export function timeField(frame) {
  return frame.fields.find((field) => field.kind === 'time') ?? null;
}

/** The text of an enum's value; a value without a text is shown as its number. */
export function enumText(field, value) {
  return field.config.type?.enum?.text?.[value] ?? String(value);
}

/** The notices of frames, each once, worst first. */
export function noticesOf(frames) {
  const rank = { error: 0, warning: 1, info: 2 };
  const seen = new Map();
  for (const frame of frames) {
    for (const notice of frame.meta.notices ?? []) {
      const severity = typeof notice.severity === 'string' && notice.severity in rank ? notice.severity : 'info';
      const text = String(notice.text ?? '');
      if (text) seen.set(`${severity} ${text}`, { severity, text, link: notice.link ?? '' });
    }
  }
  return [...seen.values()].sort((a, b) => rank[a.severity] - rank[b.severity]);
}
