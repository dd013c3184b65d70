/**
 * A data source: frames, queries, backends and the router between them.
 */
module dev.tentpole.core {
    requires dev.tentpole.base;
    requires static transitive org.jspecify;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.tentpole.core.frame;
}
