/**
 * Data frames: tables of typed, nullable columns with labels, the form in which data sources answer queries, and
 * Grafana's JSON encoding of them.
 *
 * <pre>{@code
 * Field time = Field.ofTimes("time", new long[] {1_700_000_000_000_000_000L, 1_700_000_060_000_000_000L});
 * Field load = Field.ofDoubles("load", new double[] {0.5, 0.75}).withLabels(Map.of("host", "a"));
 * Frame frame = Frame.builder("load")
 *         .refId("A")
 *         .meta(FrameMeta.builder().type(FrameType.TIMESERIES_WIDE).build())
 *         .field(time)
 *         .field(load)
 *         .build();
 * byte[] json = FrameJson.toBytes(frame);
 * Frame same = FrameJson.read(json);
 * }</pre>
 *
 * <p>Frames, fields and everything in them are immutable and safe for use by several threads; builders are not. No
 * value is boxed unless {@link dev.tentpole.core.frame.Field#get(int)} is called.
 */
@NullMarked
package dev.tentpole.core.frame;

import org.jspecify.annotations.NullMarked;
