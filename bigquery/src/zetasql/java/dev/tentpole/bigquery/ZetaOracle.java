package dev.tentpole.bigquery;

import com.google.zetasql.Analyzer;
import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.SimpleColumn;
import com.google.zetasql.SimpleTable;
import com.google.zetasql.StructType;
import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLOptions.ProductMode;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.resolvedast.ResolvedNodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Google's analyser over the tables of a catalog of ours. */
final class ZetaOracle {

    private final SimpleCatalog catalog;
    private final LanguageOptions language = new LanguageOptions();
    private final AnalyzerOptions options = new AnalyzerOptions();
    private final Map<String, List<String>> leaves = new HashMap<>();

    ZetaOracle(Catalog tables) {
        language.enableMaximumLanguageFeatures();
        language.setSupportsAllStatementKinds();
        language.setProductMode(ProductMode.PRODUCT_EXTERNAL);
        language.enableReservableKeyword("QUALIFY");
        options.setLanguageOptions(language);
        options.setPruneUnusedColumns(true);
        catalog = new SimpleCatalog("all");
        catalog.addZetaSQLFunctionsAndTypes(new ZetaSQLBuiltinFunctionOptions(language));
        SimpleCatalog project = new SimpleCatalog("proj");
        SimpleCatalog dataset = new SimpleCatalog("ds");
        project.addSimpleCatalog(dataset);
        catalog.addSimpleCatalog(project);
        for (TableStats stats : tables.tables()) {
            if (stats.kind() != TableStats.Kind.VIEW) {
                SimpleTable table = table(stats, stats.name().substring(stats.name().lastIndexOf('.') + 1));
                dataset.addSimpleTable(table);
                catalog.addSimpleTable(table);
                // A path within one pair of backticks, which BigQuery splits before it looks a table up.
                catalog.addSimpleTable(stats.name(), table);
            }
        }
        SimpleTable shards = table(tables.table("proj.ds.shard_old").orElseThrow(), "shard_*");
        shards.addSimpleColumn(new SimpleColumn(
                "shard_*", "_TABLE_SUFFIX", TypeFactory.createSimpleType(TypeKind.TYPE_STRING), true, false));
        catalog.addSimpleTable(shards);
        catalog.register();
    }

    LanguageOptions language() {
        return language;
    }

    private SimpleTable table(TableStats stats, String name) {
        SimpleTable table = new SimpleTable(name);
        table.setFullName(stats.name());
        for (TableField field : stats.fields()) {
            table.addSimpleColumn(new SimpleColumn(name, field.name(), type(field)));
        }
        for (TableLeaves.Leaf leaf : stats.leaves().leaves()) {
            String path = (name + "." + leaf.path()).toLowerCase(Locale.ROOT);
            String[] parts = path.split("\\.", -1);
            leaves.computeIfAbsent(parts[0] + "." + parts[1], key -> new ArrayList<>())
                    .add(path);
        }
        if (stats.partitioning().isPresent() && stats.partitioning().get().field().isEmpty()) {
            table.addSimpleColumn(new SimpleColumn(
                    name, "_PARTITIONTIME", TypeFactory.createSimpleType(TypeKind.TYPE_TIMESTAMP), true, false));
        }
        return table;
    }

    private static Type type(TableField field) {
        Type type;
        if (field.type() == TableField.Type.STRUCT) {
            List<StructType.StructField> fields = new ArrayList<>();
            field.fields().forEach(child -> fields.add(new StructType.StructField(child.name(), type(child))));
            type = TypeFactory.createStructType(fields);
        } else {
            type = TypeFactory.createSimpleType(
                    switch (field.type()) {
                        case INT64 -> TypeKind.TYPE_INT64;
                        case FLOAT64 -> TypeKind.TYPE_DOUBLE;
                        case NUMERIC -> TypeKind.TYPE_NUMERIC;
                        case DATE -> TypeKind.TYPE_DATE;
                        case TIMESTAMP -> TypeKind.TYPE_TIMESTAMP;
                        case BOOL -> TypeKind.TYPE_BOOL;
                        default -> TypeKind.TYPE_STRING;
                    });
        }
        return field.mode() == TableField.Mode.REPEATED ? TypeFactory.createArrayType(type) : type;
    }

    /** What a statement means; throws if the analyser refuses it. */
    ResolvedNodes.ResolvedStatement resolve(String sql) {
        return Analyzer.analyzeStatement(sql, options, catalog);
    }

    /** What is live in a query; throws if the analyser refuses it. */
    ZetaLiveness analyse(String sql) {
        ZetaLiveness liveness = new ZetaLiveness(leaves);
        if (resolve(sql) instanceof ResolvedNodes.ResolvedQueryStmt query) {
            liveness.run(query);
            return liveness;
        }
        throw new IllegalArgumentException("no query");
    }
}
