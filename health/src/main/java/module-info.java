/**
 * Weighted health of many dependencies, cheap to read, honest about age.
 */
module dev.tentpole.health {
    requires transitive java.net.http;
    requires transitive java.sql;
    requires java.management;
    requires dev.tentpole.base;
    requires org.slf4j;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.tentpole.health;
}
