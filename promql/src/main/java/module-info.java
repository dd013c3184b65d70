/**
 * PromQL: parse, check and print queries, without a server.
 */
module dev.tentpole.promql {
    requires re2j;
    requires dev.tentpole.base;
    requires static transitive org.jspecify;

    exports dev.tentpole.promql;
}
