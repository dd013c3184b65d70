package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class FrameJsonTest {

    @Test
    void a_frame_is_written_as_schema_and_data() {
        Field time = Field.ofTimes("time", 1_700_000_000_000_000_000L, 1_700_000_060_000_000_001L, -1);
        Field load = Field.ofDoubles("load", 0.5, Double.NaN, -0.0).withLabels(Map.of("host", "a"));
        Frame frame = Frame.of("load", time, load).withRefId("A");

        assertThat(FrameJson.toString(frame))
                .isEqualTo("{\"schema\":{\"name\":\"load\",\"refId\":\"A\",\"fields\":["
                        + "{\"name\":\"time\",\"type\":\"time\",\"typeInfo\":{\"frame\":\"time.Time\"}},"
                        + "{\"name\":\"load\",\"type\":\"number\",\"typeInfo\":{\"frame\":\"float64\"},"
                        + "\"labels\":{\"host\":\"a\"}}]},"
                        + "\"data\":{\"values\":[[1700000000000,1700000060000,-1],[0.5,null,-0]],"
                        + "\"entities\":[null,{\"NaN\":[1]}],\"nanos\":[[0,1,999999],null]}}");
    }
}
