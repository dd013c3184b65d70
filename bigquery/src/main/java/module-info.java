/**
 * What a BigQuery query costs before it runs, macros that prune, results page by page, budgets.
 */
module dev.tentpole.bigquery {
    requires dev.tentpole.base;
    requires java.net.http;
    requires static transitive com.google.auth;
    requires static transitive google.cloud.bigquery;
    requires static google.cloud.core;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires static tools.jackson.dataformat.yaml;

    exports dev.tentpole.bigquery;
}
