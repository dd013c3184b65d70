/**
 * Bounded buffers with honest backpressure, topics and fan-out.
 */
module dev.tentpole.streaming {
    requires transitive java.net.http;
    requires dev.tentpole.base;
    requires org.slf4j;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.tentpole.streaming;
}
