package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables that an estimate knows. Immutable and safe for use by several threads; begin with {@link #builder} or
 * {@link #read}.
 *
 * <p>A catalog can live beside the code in a file of JSON or YAML, so that a build prices its queries with no credentials.
 * YAML needs {@code tools.jackson.dataformat:jackson-dataformat-yaml}.
 */
public final class Catalog {

    private final Optional<String> defaultProject;
    private final Optional<String> defaultDataset;
    private final NavigableMap<String, TableStats> tables;
    private final Set<String> materialized;

    private Catalog(Builder builder) {
        defaultProject = builder.defaultProject;
        defaultDataset = builder.defaultDataset;
        tables = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.tables));
        materialized = findMaterialized();
    }

    private Catalog(Catalog from, Optional<String> project, Optional<String> dataset) {
        defaultProject = project;
        defaultDataset = dataset;
        tables = from.tables;
        materialized = from.materialized;
    }

    /** {@return a catalog of these tables, without a default project and dataset}
     *
     * @param tables the tables
     */
    public static Catalog of(TableStats... tables) {
        Builder builder = builder();
        for (TableStats table : tables) {
            builder.table(table);
        }
        return builder.build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the catalog in a file}
     *
     * @param file a file; YAML if its name ends with {@code .yaml} or {@code .yml}, otherwise JSON
     * @throws IOException if it cannot be read
     * @throws BigQueryException if it has another form, or a table or a key twice; the message says where
     */
    public static Catalog read(Path file) throws IOException {
        String text = Files.readString(file);
        return isYaml(file) ? parseYaml(text) : parseJson(text);
    }

    /**
     * {@return the catalog in a text}
     *
     * @param json a text as {@link #toJson} writes it
     * @throws BigQueryException if it has another form, or a table or a key twice; the message says where
     */
    public static Catalog parseJson(String json) {
        return CatalogFormat.parseJson(json);
    }

    /**
     * {@return the catalog in a text}
     *
     * @param yaml a text as {@link #toYaml} writes it
     * @throws BigQueryException if it has another form, or a table or a key twice; the message says where
     */
    public static Catalog parseYaml(String yaml) {
        return CatalogYaml.parse(yaml);
    }

    /**
     * Writes the catalog into a file, whose former content is lost.
     *
     * @param file a file; YAML if its name ends with {@code .yaml} or {@code .yml}, otherwise JSON
     * @throws IOException if it cannot be written
     * @throws BigQueryException if a text in it has half of a pair of surrogates; the file is left as it is
     */
    public void write(Path file) throws IOException {
        Files.writeString(file, isYaml(file) ? toYaml() : toJson());
    }

    /**
     * {@return the catalog as JSON, tables by name}
     *
     * @throws BigQueryException if a text in it has half of a pair of surrogates
     */
    public String toJson() {
        return CatalogFormat.json(this);
    }

    /**
     * {@return the catalog as YAML, tables by name}
     *
     * @throws BigQueryException if a text in it has half of a pair of surrogates
     */
    public String toYaml() {
        return CatalogYaml.write(this);
    }

    /** {@return the project of names without one} */
    public Optional<String> defaultProject() {
        return defaultProject;
    }

    /** {@return the dataset of names without one} */
    public Optional<String> defaultDataset() {
        return defaultDataset;
    }

    /** {@return all tables, by name} */
    public Collection<TableStats> tables() {
        return tables.values();
    }

    /**
     * {@return a table, if the catalog knows it}
     *
     * @param name {@code project.dataset.table}; less if there are defaults
     */
    public Optional<TableStats> table(String name) {
        return Optional.ofNullable(tables.get(fullName(name)));
    }

    /**
     * {@return this catalog with a table that is new or takes the place of the one with its name}
     *
     * @param table the table
     */
    public Catalog with(TableStats table) {
        Builder builder = builder();
        builder.defaultProject = defaultProject;
        builder.defaultDataset = defaultDataset;
        builder.tables.putAll(tables);
        return builder.table(table).build();
    }

    /** The same tables with other defaults, or none, so that names without a project or dataset stand for no table. */
    Catalog withDefaults(Optional<String> project, Optional<String> dataset) {
        return new Catalog(this, project, dataset);
    }

    /** The tables in place of which BigQuery may read a materialized view: those that views of the catalog read. */
    Set<String> materialized() {
        return materialized;
    }

    private Set<String> findMaterialized() {
        Set<String> names = new HashSet<>();
        for (TableStats view : tables.values()) {
            if (view.kind() == TableStats.Kind.MATERIALIZED_VIEW) {
                view.viewSql().ifPresent(sql -> {
                    SqlCursor cursor = new SqlCursor(sql);
                    cursor.names(0, cursor.size()).forEach(name -> names.add(fullName(name.text())));
                });
            }
        }
        return names;
    }

    /** {@return the name with the default project and dataset where it has none} */
    String fullName(String name) {
        int dot = name.indexOf('.');
        String dataset = dot < 0 && defaultDataset.isPresent() ? defaultDataset.get() + "." + name : name;
        int first = dataset.indexOf('.');
        boolean hasDataset = first >= 0;
        boolean hasProject = hasDataset
                && (dataset.indexOf('.', first + 1) >= 0)
                && !dataset.regionMatches(true, first + 1, "INFORMATION_SCHEMA.", 0, "INFORMATION_SCHEMA.".length());
        return hasDataset && !hasProject && defaultProject.isPresent() ? defaultProject.get() + "." + dataset : dataset;
    }

    /** {@return the tables whose names begin so} */
    Collection<TableStats> withPrefix(String fullPrefix) {
        return tables.subMap(fullPrefix, true, fullPrefix + Character.MAX_VALUE, true)
                .values();
    }

    @Override
    public String toString() {
        return "Catalog[" + tables.size() + " tables]";
    }

    private static boolean isYaml(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /** Collects tables; not safe for use by several threads. */
    public static final class Builder {

        private Optional<String> defaultProject = Optional.empty();
        private Optional<String> defaultDataset = Optional.empty();
        private final TreeMap<String, TableStats> tables = new TreeMap<>();

        private Builder() {}

        /**
         * Sets the project of names without one.
         *
         * @param value the project
         * @return this builder
         */
        public Builder defaultProject(String value) {
            defaultProject = Optional.of(Args.notBlank("defaultProject", value));
            return this;
        }

        /**
         * Sets the dataset of names without one.
         *
         * @param value the dataset without its project
         * @return this builder
         */
        public Builder defaultDataset(String value) {
            defaultDataset = Optional.of(Args.notBlank("defaultDataset", value));
            return this;
        }

        /**
         * Adds a table; the last one of a name stays.
         *
         * @param table the table
         * @return this builder
         */
        public Builder table(TableStats table) {
            tables.put(table.name(), table);
            return this;
        }

        /**
         * Adds tables; the last one of a name stays.
         *
         * @param all the tables
         * @return this builder
         */
        public Builder tables(List<TableStats> all) {
            all.forEach(this::table);
            return this;
        }

        /** {@return the catalog} */
        public Catalog build() {
            return new Catalog(this);
        }
    }
}
