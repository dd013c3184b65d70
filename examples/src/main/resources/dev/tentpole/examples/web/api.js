/** Big Tent's HTTP interface, as promises. */

/** A whole request that failed: the server said no, or nothing understandable came back. */
export class ApiError extends Error {
  constructor(message, status = 0, requestId = '') {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.requestId = requestId;
  }
}

const LONG_INTEGER = /[[,:]\s*-?\d{16,}\s*[,\]}]/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON and keeps integers beyond 2^53 exact, as BigInt, where the browser can tell their source text. The
 * slow way is taken only by answers that have such integers.
 */
export function parseJson(text) {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && INTEGER.test(context?.source ?? '')
      ? BigInt(context.source)
      : value);
}

/** Writes JSON that `parseJson` has read: BigInt values appear as the digits they were. */
export function printJson(value, indent = 2) {
  return JSON.stringify(value, (key, item) => {
    if (typeof item !== 'bigint') return item;
    return JSON.rawJSON ? JSON.rawJSON(String(item)) : String(item);
  }, indent);
}

async function call(path, options = {}) {
  const started = performance.now();
  let response;
  let body;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
    body = await response.arrayBuffer();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('Big Tent does not answer. Is it still running?');
  }
  const milliseconds = performance.now() - started;
  let json;
  try {
    json = parseJson(new TextDecoder().decode(body));
  } catch {
    throw new ApiError(`Big Tent answered HTTP ${response.status} with something that is not JSON.`, response.status);
  }
  if (json === null || typeof json !== 'object') {
    throw new ApiError(`Big Tent answered HTTP ${response.status} with JSON that is no object.`, response.status);
  }
  return { response, json, bytes: body.byteLength, milliseconds };
}

function refuse({ response, json }) {
  throw new ApiError(String(json.message ?? `HTTP ${response.status}`), response.status, String(json.requestId ?? ''));
}

/** The sources that Big Tent knows: an array of {name, type, configured, message, language, examples}. */
export async function backends() {
  const answer = await call('/api/backends');
  if (!answer.response.ok || !Array.isArray(answer.json.backends)) refuse(answer);
  return answer.json.backends;
}

/** The health by source name. An unhealthy server may answer with an error status and the same body. */
export async function health() {
  const answer = await call('/api/health');
  if (typeof answer.json.backends !== 'object' || answer.json.backends === null) refuse(answer);
  return answer.json;
}

/** Runs the queries of one request. Answers {results, bytes, milliseconds, request}. */
export async function query(request, signal) {
  const answer = await call('/api/ds/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(request),
    signal,
  });
  if (typeof answer.json.results !== 'object' || answer.json.results === null) refuse(answer);
  return { results: answer.json.results, bytes: answer.bytes, milliseconds: answer.milliseconds, request };
}
