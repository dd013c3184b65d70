package dev.tentpole.bigquery;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Catalogs as YAML; apart, because the library for YAML may be missing. */
final class CatalogYaml {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private CatalogYaml() {}

    static Catalog parse(String yaml) {
        try {
            return CatalogFormat.catalog(YAML.readTree(yaml));
        } catch (JacksonException e) {
            throw CatalogFormat.unreadable(e);
        }
    }

    static String write(Catalog catalog) {
        return YAML.writeValueAsString(CatalogFormat.tree(catalog));
    }
}
