package dev.tentpole.bigquery;

import tools.jackson.databind.json.JsonMapper;

/** The room's one mapper. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}
}
