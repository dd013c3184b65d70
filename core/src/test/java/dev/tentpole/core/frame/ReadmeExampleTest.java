package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example that opens the package's documentation. */
final class ReadmeExampleTest {

    @Test
    void a_frame_goes_to_json_and_back() {
        Field time = Field.ofTimes("time", new long[] {1_700_000_000_000_000_000L, 1_700_000_060_000_000_000L});
        Field load = Field.ofDoubles("load", new double[] {0.5, 0.75}).withLabels(Map.of("host", "a"));
        Frame frame = Frame.builder("load")
                .refId("A")
                .meta(FrameMeta.builder().type(FrameType.TIMESERIES_WIDE).build())
                .field(time)
                .field(load)
                .build();
        byte[] json = FrameJson.toBytes(frame);
        Frame same = FrameJson.read(json);

        assertThat(same).isEqualTo(frame);
    }
}
