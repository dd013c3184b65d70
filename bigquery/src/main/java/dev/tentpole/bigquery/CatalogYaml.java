package dev.tentpole.bigquery;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Catalogs as YAML; apart, because the library for YAML may be missing. */
final class CatalogYaml {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private CatalogYaml() {}

    static Catalog parse(String yaml) {
        try {
            requireNoAliases(yaml);
            return CatalogFormat.catalog(YAML.readTree(yaml));
        } catch (StreamReadException e) {
            throw unreadable(CatalogFormat.reason(e), e.getLocation().getLineNr());
        } catch (JacksonException e) {
            throw CatalogFormat.unreadable(e);
        }
    }

    /** Otherwise an alias would be read as a text, its own name. */
    private static void requireNoAliases(String yaml) {
        int[] characters = yaml.codePoints().toArray();
        try (JsonParser parser = YAML.createParser(yaml)) {
            while (parser.nextToken() != null) {
                TokenStreamLocation start = parser.currentTokenLocation();
                boolean alias = parser instanceof YAMLParser reader && reader.isCurrentAlias();
                // Of values that are no lists and no mappings the parser does not tell the anchor.
                long at = start.getCharOffset();
                boolean anchor = at >= 0 && at < characters.length && characters[(int) at] == '&';
                if (alias || anchor) {
                    throw unreadable(
                            "anchors (&name) and aliases (*name) are not taken, write the value where it belongs",
                            start.getLineNr());
                }
            }
        }
    }

    private static BigQueryException unreadable(String reason, int line) {
        return new BigQueryException("The catalog cannot be read: " + reason + ", in line " + line);
    }

    static String write(Catalog catalog) {
        return YAML.writeValueAsString(CatalogFormat.tree(catalog));
    }
}
