/**
 * A data source: frames, queries, backends and the router between them.
 */
module dev.tentpole.core {
    requires dev.tentpole.base;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires transitive micrometer.core;

    exports dev.tentpole.core;
    exports dev.tentpole.core.frame;
}
