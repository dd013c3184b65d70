package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.core.TimeRange;
import dev.tentpole.examples.RunningBigTent.Client;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page's modules compute, called one by one in the browser that runs them. */
@ExtendWith(RunningBigTent.class)
@Timeout(120)
final class PageModulesTest {

    private static HeadlessChromium browser;

    @BeforeAll
    static void start(Client client) {
        browser = HeadlessChromium.startOrSkip();
        // Any file of the same origin: the modules are imported into it, the page itself does not run.
        browser.driver().get(client.bigTent().address() + "favicon.svg");
        browser.devTools("Emulation.setTimezoneOverride", Map.of("timezoneId", "Europe/Berlin"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void frames_keep_nulls_infinities_nanoseconds_and_every_digit() {
        Object decoded = browser.evaluate("""
                const { decodeFrame } = await import('/frames.js');
                const { parseJson } = await import('/api.js');
                const { cellText } = await import('/table.js');
                const frame = decodeFrame(parseJson(`{"schema":{"fields":[
                  {"name":"t","type":"time","typeInfo":{"frame":"time.Time","nullable":true}},
                  {"name":"f","type":"number","typeInfo":{"frame":"float64","nullable":true}},
                  {"name":"u","type":"number","typeInfo":{"frame":"uint64"}},
                  {"name":"i","type":"number","typeInfo":{"frame":"int64"}},
                  {"name":"e","type":"enum","typeInfo":{"frame":"enum"},"config":{"type":{"enum":{"text":["low","high"]}}}},
                  {"name":"j","type":"other","typeInfo":{"frame":"json.RawMessage"}},
                  {"name":"b","type":"boolean","typeInfo":{"frame":"bool","nullable":true}}]},
                  "data":{"values":[[1000,null,-1],[null,null,null],["18446744073709551615",2,"3"],
                    [9223372036854775807,-9007199254740993,5],[0,1,7],[{"a":12345678901234567890},[],"s"],[true,null,false]],
                  "entities":[null,{"NaN":[0],"Inf":[1],"NegInf":[2]},null,null,null,null,null],
                  "nanos":[[7,0,999999],null,null,null,null,null,null]}}`));
                return [0, 1, 2].map((row) => frame.fields.map((field) => cellText(field, row)).join('|'));
                """);

        assertThat(PageObject.strings(decoded))
                .containsExactly(
                        "1970-01-01T00:00:01.000000007Z|NaN|18446744073709551615|9223372036854775807|low"
                                + "|{\"a\":12345678901234567890}|true",
                        "|Infinity|2|-9007199254740993|high|[]|",
                        "1969-12-31T23:59:59.999999999Z|-Infinity|3|5|7|\"s\"|false");
    }

    @Test
    void a_frame_that_contradicts_itself_is_refused_with_the_column() {
        assertThat(browser.evaluate("""
                        const { decodeFrame } = await import('/frames.js');
                        try {
                          return decodeFrame({ schema: { fields: [{ name: 'a' }, { name: 'b' }] }, data: { values: [[1, 2], [1]] } });
                        } catch (error) {
                          return error.message;
                        }
                        """)).isEqualTo("Column \"b\" has 1 values where \"a\" has 2.");
    }

    @Test
    void a_frame_of_nothing_but_a_schema_has_no_rows() {
        assertThat(browser.evaluate("""
                        const { decodeFrame } = await import('/frames.js');
                        return [decodeFrame({}), decodeFrame({ schema: { fields: [{ name: 'a', type: 'number' }] } })]
                          .map((frame) => `${frame.fields.length} ${frame.length}`);
                        """)).isEqualTo(List.of("0 0", "1 0"));
    }

    @Test
    void series_are_named_by_what_tells_them_apart() {
        assertThat(browser.evaluate(SERIES + """
                        const names = (fields) => seriesOfQuery('A', [frame([time([1]), ...fields])]).series.map((one) => one.name);
                        return [
                          names([number('value', [1])]),
                          names([number('cpu', [1])]),
                          names([number('v', [1], { host: 'a', job: 'x' }), number('v', [1], { host: 'b', job: 'x' })]),
                          names([number('in', [1], { host: 'a' }), number('out', [1], { host: 'a' })]),
                          names([number('v', [1], { host: 'a' }, { displayName: 'mine', displayNameFromDS: 'source' })]),
                          names([number('Value', [1], { __name__: 'up', host: 'a' })]),
                          names([number('v', [1], { a: '1', b: '1' }), number('v', [1], { a: '1', b: '2' }), number('v', [1], { a: '2', b: '1' })]),
                        ];
                        """))
                .isEqualTo(List.of(
                        List.of("value"),
                        List.of("cpu"),
                        List.of("a", "b"),
                        List.of("in", "out"),
                        List.of("source"),
                        List.of("up a"),
                        List.of("a=\"1\", b=\"1\"", "a=\"1\", b=\"2\"", "a=\"2\", b=\"1\"")));
    }

    @Test
    void rows_out_of_order_are_put_in_order_and_rows_without_a_time_are_left_out() {
        assertThat(browser.evaluate(SERIES + """
                        const [one] = seriesOfQuery('A', [frame([time([30, null, 10]), number('v', [3, 2, 1])])]).series;
                        return [one.times, one.values];
                        """)).isEqualTo(List.of(List.of(10L, 30L), List.of(1L, 3L)));
    }

    @Test
    void a_long_frame_becomes_a_series_for_each_combination_of_its_strings() {
        assertThat(browser.evaluate(SERIES + """
                        return seriesOfQuery('A', [frame([time([1, 1, 2]), text('host', ['a', 'b', 'a']), number('v', [1, 2, 3])])])
                          .series.map((one) => [one.name, one.times, one.values]);
                        """))
                .isEqualTo(List.of(
                        List.of("a", List.of(1L, 2L), List.of(1L, 3L)), List.of("b", List.of(1L), List.of(2L))));
    }

    @Test
    void equal_series_have_keys_of_their_own() {
        assertThat(browser.evaluate(SERIES + """
                        const same = [time([1]), number('v', [1])];
                        return seriesOfQuery('A', [frame(same), frame(same)]).series.map((one) => one.key);
                        """)).isEqualTo(List.of("A:v", "A:v#2"));
    }

    @Test
    void on_a_common_axis_a_missing_time_is_bridged_and_a_null_is_a_gap() {
        assertThat(browser.evaluate(SERIES + """
                        const { align } = await import('/series.js');
                        await new Promise((resolve, reject) => {
                          const script = document.createElementNS('http://www.w3.org/1999/xhtml', 'script');
                          script.src = '/webjars/uplot/uPlot.iife.min.js';
                          script.onload = resolve;
                          script.onerror = reject;
                          document.documentElement.append(script);
                        });
                        const a = seriesOfQuery('A', [frame([time([1, 3]), number('v', [10, null])])]).series;
                        const b = seriesOfQuery('B', [frame([time([2, 3]), number('v', [20, 30])])]).series;
                        return align([...a, ...b], window.uPlot.join).map((column) =>
                          column.map((value) => (value === undefined ? 'bridged' : value === null ? 'gap' : String(value))));
                        """))
                .isEqualTo(List.of(
                        List.of("1", "2", "3"), List.of("10", "bridged", "gap"), List.of("bridged", "20", "30")));
    }

    @Test
    void statistics_leave_out_what_is_no_number() {
        assertThat(browser.evaluate(SERIES + """
                        const { statistics } = await import('/series.js');
                        const of = (values) => statistics(seriesOfQuery('A', [frame([time(values.map((_, i) => i)), number('v', values)])]).series[0]);
                        return [of([null, 4, NaN, 1, Infinity, null]), of([null])].map((s) => [s.last, s.min, s.max, s.mean, s.count].join(' '));
                        """)).isEqualTo(List.of("1 1 4 2.5 2", "    0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; percent; 0%",
                "12.345; percent; 12.3%",
                "0.12345; percentunit; 12.3%",
                "1536; bytes; 1.5 KiB",
                "-1073741824; bytes; -1 GiB",
                "1500000; decbytes; 1.5 MB",
                "1500; ms; 1.5 s",
                "0.00025; s; 250 µs",
                "90; s; 1.5 min",
                "172800; s; 2 d",
                "1234567; short; 1.23 Mil",
                "1234567; ''; 1.23 M",
                "99999; ''; 99999",
                "1234567; none; 1234567",
                "0.000123; ''; 0.000123",
                "42; furlongs; 42 furlongs",
                "3.5; reqps; 3.5 req/s",
                "1; constructor; 1 constructor",
            })
    void numbers_are_written_in_their_unit(double value, String unit, String text) {
        assertThat(browser.evaluate(
                        "const { formatNumber } = await import('/format.js'); return formatNumber(args[0], args[1]);",
                        value,
                        unit))
                .isEqualTo(text);
    }

    @Test
    void the_ticks_of_an_axis_are_told_apart_without_superfluous_digits() {
        assertThat(browser.evaluate("""
                        const { axisNumbers } = await import('/format.js');
                        return [
                          axisNumbers([0, 0.1, 0.2, 0.30000000000000004], '', 0.1),
                          axisNumbers([1000, 1000.5, 1001], '', 0.5),
                          axisNumbers([0, 536870912, 1073741824], 'bytes', 536870912),
                          axisNumbers([0, 2.5, 5], 'percent', 2.5),
                          axisNumbers([0, 100], 'short', 100),
                        ];
                        """))
                .isEqualTo(List.of(
                        List.of("0", "0.1", "0.2", "0.3"),
                        List.of("1000", "1000.5", "1001"),
                        List.of("0", "512 MiB", "1 GiB"),
                        List.of("0%", "2.5%", "5%"),
                        List.of("0", "100")));
    }

    @ParameterizedTest
    @CsvSource({
        "now-15m, now",
        "now-1d/d, now/d",
        "now-1w/w, now-1w/w",
        "now-1M, now+90s",
        "now-3M/M, now/M",
        "now-1Q/Q, now/Q",
        "now-1y/y, now-1y/y",
        "now/h-500ms, now-30m+1h/m",
        "1767322800000, 1767326400000",
    })
    void a_range_means_what_the_server_takes_it_for(String from, String to) {
        // A last day of a month, so that months of different lengths matter.
        Instant now = Instant.parse("2026-05-31T13:14:15.678Z");
        TimeRange range = TimeRange.parse(from, to, InstantSource.fixed(now));

        assertThat(browser.evaluate(
                        "const { resolveRange } = await import('/range.js'); return resolveRange(args[0], args[1], args[2]);",
                        from,
                        to,
                        now.toEpochMilli()))
                .isEqualTo(List.of(range.from().toEpochMilli(), range.to().toEpochMilli()));
    }

    @ParameterizedTest
    @CsvSource({
        "now-6h, now-6h",
        " now , now",
        "2026-01-02, 1767308400000",
        "2026-01-02 04:00:00, 1767322800000",
        "2026-07-02 04:00, 1782957600000",
        "2026-01-02T03:00:00Z, 1767322800000",
        "1767322800000, 1767322800000",
        "2026-02-30, refused",
        "yesterday, refused",
        "now-6x, refused",
        "'', refused",
    })
    void a_typed_time_is_relative_local_or_refused(String typed, String sent) {
        assertThat(browser.evaluate(
                        "const { normalise } = await import('/range.js'); return normalise(args[0]) ?? 'refused';",
                        typed))
                .isEqualTo(sent);
    }

    @Test
    void a_link_carries_everything_there_and_back() {
        assertThat(browser.evaluate("""
                        const { decode, encode, emptyState, newQuery } = await import('/state.js');
                        const state = { ...emptyState(), from: 'now-1h', refresh: 5, view: 'table', frame: 'B.1', raw: true,
                          sort: { column: 3, descending: true }, hidden: ['A:v{x="&=#%"}'], queries: [
                            newQuery('A', 'mysql', { expression: 'SELECT "ä+b"\\n  % & # = \\u{1f3aa}', unit: 'bytes' }),
                            newQuery('B', 'rest', { format: 'table', parameters: '{"a": 1}', off: true })] };
                        return JSON.stringify(decode(`#${encode(state)}`)) === JSON.stringify(state);
                        """)).isEqualTo(true);
    }

    @Test
    void a_broken_link_falls_back_to_defaults() {
        assertThat(browser.evaluate("""
                        const { decode, emptyState } = await import('/state.js');
                        return ['', '#', '#from=soon&to=never', '#refresh=7s&view=movie&sort=x&%%%', '#.source=a&__proto__.source=b&1.expr=c']
                          .map((link) => JSON.stringify(decode(link)) === JSON.stringify(emptyState()));
                        """)).isEqualTo(List.of(true, true, true, true, true));
    }

    @Test
    void a_query_in_colours_is_the_same_text() {
        assertThat(browser.evaluate("""
                        const { tokens } = await import('/highlight.js');
                        const sql = "SELECT a, 'it''s $__from' -- '$__to\\n, COUNT(b) FROM `t` /* 1 */ WHERE $__timeFilter(c) AND d = 1.5 AND e = 'open";
                        const parts = tokens(sql, 'sql');
                        return [parts.map(([, text]) => text).join('') === sql,
                          parts.filter(([kind]) => kind).map(([kind, text]) => `${kind}:${text}`).join(' ; ')];
                        """))
                .isEqualTo(List.of(
                        true,
                        "word:SELECT ; string:'it''s $__from' ; comment:-- '$__to ; call:COUNT ; word:FROM ; string:`t`"
                                + " ; comment:/* 1 */ ; word:WHERE ; macro:$__timeFilter ; word:AND ; number:1.5 ; word:AND"
                                + " ; string:'open"));
    }

    @Test
    void csv_quotes_what_needs_quotes() {
        assertThat(browser.evaluate(SERIES + """
                        const { toCsv } = await import('/table.js');
                        return toCsv(frame([text('a,b', ['x', 'say "hi"', null]), number('n', [1.5, NaN, null], { host: 'h' })]));
                        """))
                .isEqualTo("\"a,b\",\"n {host=\"\"h\"\"}\"\r\nx,1.5\r\n\"say \"\"hi\"\"\",NaN\r\n,\r\n");
    }

    @Test
    void a_run_is_timed_from_the_start_of_the_last_but_never_beside_it_and_not_while_hidden() {
        assertThat(browser.evaluate("""
                        const { Runner } = await import('/runner.js');
                        const [realSet, realClear] = [window.setTimeout, window.clearTimeout];
                        let timer = null;
                        window.setTimeout = (work, wait) => { timer = { work, wait }; return 1; };
                        window.clearTimeout = () => { timer = null; };
                        const log = [];
                        const show = (hidden) => {
                          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
                          document.dispatchEvent(new Event('visibilitychange'));
                        };
                        let finish = null;
                        try {
                          const runner = new Runner(() => new Promise((resolve) => { finish = resolve; }),
                            { start: () => log.push('start'), end: () => log.push('end'), live: () => true });
                          runner.every(5);
                          log.push(`timer ${timer !== null && timer.wait === 0}`);
                          const run = runner.run();
                          log.push(`beside ${timer !== null}`);
                          finish();
                          await run;
                          log.push(`again ${timer.wait > 4000 && timer.wait <= 5000}`);
                          show(true);
                          log.push(`hidden ${timer !== null}`);
                          show(false);
                          log.push(`shown ${timer !== null}`);
                          timer.work();
                          runner.cancel();
                          log.push(`cancelled ${timer !== null}`);
                          runner.every(0);
                          log.push(`off ${timer !== null}`);
                        } finally {
                          [window.setTimeout, window.clearTimeout] = [realSet, realClear];
                          delete document.hidden;
                        }
                        return log.join(', ');
                        """))
                .isEqualTo("timer true, start, beside false, end, again true, hidden false, shown true, start, end,"
                        + " cancelled true, off false");
    }

    private static final String SERIES = """
            const { seriesOfQuery } = await import('/series.js');
            const { decodeFrame } = await import('/frames.js');
            const time = (values) => ({ name: 't', type: 'time', values });
            const number = (name, values, labels, config) => ({ name, type: 'number', labels, config, values });
            const text = (name, values) => ({ name, type: 'string', values });
            const frame = (fields) => decodeFrame({ schema: { fields }, data: { values: fields.map((field) => field.values) } });
            """;
}
