/**
 * Anything costly to open, lent quickly and taken back whole; and a JDBC DataSource on it.
 */
module dev.tentpole.pool {
    requires transitive java.sql;
    requires java.management;
    requires dev.tentpole.base;
    requires org.slf4j;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.tentpole.pool;
}
