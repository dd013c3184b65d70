package dev.tentpole.bigquery;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/** Catalogs as YAML; apart, because the library for YAML may be missing. */
final class CatalogYaml {

    private static final YAMLMapper YAML = YAMLMapper.builder(
                    YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private CatalogYaml() {}

    static Catalog parse(String yaml) {
        try {
            requireNoAliases(yaml);
            return CatalogFormat.catalog(YAML.readTree(yaml));
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

    /** Also quotes names and values with a character that ends a line for YAML, and not for JSON. */
    private static final class Quoting extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1;

        @Override
        public boolean needToQuoteName(String name) {
            return endsLine(name) || super.needToQuoteName(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return endsLine(value) || super.needToQuoteValue(value);
        }

        private static boolean endsLine(String text) {
            return text.chars().anyMatch(c -> c == 0x85 || c == 0x2028 || c == 0x2029);
        }
    }
}
