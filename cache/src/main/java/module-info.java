/**
 * A query cache with time to live, and a range cache that fetches only what is missing.
 */
module dev.tentpole.cache {
    requires com.github.benmanes.caffeine;
    requires dev.tentpole.base;
    requires org.slf4j;
    requires static redis.clients.jedis;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.tentpole.cache;
}
