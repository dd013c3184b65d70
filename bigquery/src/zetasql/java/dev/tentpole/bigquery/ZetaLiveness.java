package dev.tentpole.bigquery;

import com.google.zetasql.StructType;
import com.google.zetasql.Type;
import com.google.zetasql.resolvedast.ResolvedColumn;
import com.google.zetasql.resolvedast.ResolvedNode;
import com.google.zetasql.resolvedast.ResolvedNodes;
import com.google.zetasql.resolvedast.ResolvedSetOperationScanEnums.SetOperationType;
import com.google.zetasql.resolvedast.ResolvedSubqueryExprEnums.SubqueryType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is live in a tree that Google's analyser has resolved: a second, independent pass with the same rules as ours. A
 * column is live if the result, or something that decides about rows, is made of it.
 */
final class ZetaLiveness {

    private record Source(List<ResolvedNodes.ResolvedExpr> exprs, List<Long> columns, List<String> leaf) {}

    private final Map<Long, Source> sources = new HashMap<>();
    private final Map<String, ResolvedNodes.ResolvedScan> ctes = new HashMap<>();
    private final Set<ResolvedNodes.ResolvedScan> active = new HashSet<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Set<String> live = new TreeSet<>();
    private final Set<String> tables = new TreeSet<>();
    private final Map<String, List<String>> leaves;
    private final Deque<ResolvedNodes.ResolvedRecursiveScan> recursions = new ArrayDeque<>();

    /** The leaves of each column, by {@code table.column} in small letters. */
    ZetaLiveness(Map<String, List<String>> leaves) {
        this.leaves = leaves;
    }

    Set<String> live() {
        return live;
    }

    Set<String> tables() {
        return tables;
    }

    void run(ResolvedNodes.ResolvedQueryStmt statement) {
        statement.accept(new ResolvedNodes.Visitor() {
            @Override
            public void visit(ResolvedNodes.ResolvedWithEntry entry) {
                ctes.put(entry.getWithQueryName(), entry.getWithSubquery());
                super.visit(entry);
            }
        });
        scan(statement.getQuery());
        for (ResolvedNodes.ResolvedOutputColumn column : statement.getOutputColumnList()) {
            column(column.getColumn().getId(), List.of());
        }
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }

    private void column(long id, List<String> path) {
        work.add(() -> {
            if (!seen.add(List.of(id, path))) {
                return;
            }
            Source source = sources.get(id);
            if (source == null) {
                return;
            }
            source.exprs.forEach(expr -> expr(expr, path));
            source.columns.forEach(column -> column(column, path));
            if (!source.leaf.isEmpty()) {
                mark(source.leaf.get(0), path);
            }
        });
    }

    private void mark(String column, List<String> path) {
        String prefix = (column + (path.isEmpty() ? "" : "." + String.join(".", path))).toLowerCase(Locale.ROOT);
        String top = column.toLowerCase(Locale.ROOT);
        if (top.contains("._partition") || top.endsWith("._table_suffix")) {
            return;
        }
        for (String leaf : leaves.getOrDefault(top, List.of(top))) {
            // A path may end below a leaf: an order by a whole column, asked for with the path of its function.
            if (leaf.equals(prefix) || leaf.startsWith(prefix + ".") || prefix.startsWith(leaf + ".")) {
                live.add(leaf);
            }
        }
    }

    private void computed(List<? extends ResolvedNodes.ResolvedComputedColumnBase> columns) {
        for (ResolvedNodes.ResolvedComputedColumnBase column : columns) {
            sources.put(
                    column.getColumn().getId(), new Source(List.of(column.getExpr()), List.of(), List.of()));
        }
    }

    /** Notes where the columns of a scan come from, and what decides about its rows. */
    private void scan(ResolvedNodes.ResolvedScan scan) {
        if (scan == null || !active.add(scan)) {
            return;
        }
        if (scan instanceof ResolvedNodes.ResolvedTableScan table) {
            table(table);
        } else if (scan instanceof ResolvedNodes.ResolvedProjectScan project) {
            computed(project.getExprList());
            scan(project.getInputScan());
        } else if (scan instanceof ResolvedNodes.ResolvedFilterScan filter) {
            expr(filter.getFilterExpr(), List.of());
            scan(filter.getInputScan());
        } else if (scan instanceof ResolvedNodes.ResolvedJoinScan join) {
            expr(join.getJoinExpr(), List.of());
            scan(join.getLeftScan());
            scan(join.getRightScan());
        } else if (scan instanceof ResolvedNodes.ResolvedAggregateScanBase aggregate) {
            computed(aggregate.getGroupByList());
            computed(aggregate.getAggregateList());
            aggregate.getGroupByList().forEach(key -> expr(key.getExpr(), List.of()));
            scan(aggregate.getInputScan());
        } else if (scan instanceof ResolvedNodes.ResolvedAnalyticScan analytic) {
            analytic(analytic);
        } else if (scan instanceof ResolvedNodes.ResolvedOrderByScan order) {
            order.getOrderByItemList().forEach(item -> expr(item.getColumnRef(), List.of()));
            scan(order.getInputScan());
        } else if (scan instanceof ResolvedNodes.ResolvedSetOperationScan set) {
            boolean all = set.getOpType() == SetOperationType.UNION_ALL;
            together(set.getColumnList(), set.getInputItemList(), all);
        } else if (scan instanceof ResolvedNodes.ResolvedArrayScan array) {
            array(array);
        } else if (scan instanceof ResolvedNodes.ResolvedWithScan with) {
            scan(with.getQuery());
        } else if (scan instanceof ResolvedNodes.ResolvedWithRefScan ref) {
            ResolvedNodes.ResolvedScan query = ctes.get(ref.getWithQueryName());
            same(ref.getColumnList(), query.getColumnList());
            scan(query);
        } else if (scan instanceof ResolvedNodes.ResolvedRecursiveScan recursive) {
            recursions.push(recursive);
            together(
                    recursive.getColumnList(),
                    List.of(recursive.getNonRecursiveTerm(), recursive.getRecursiveTerm()),
                    true);
            recursions.pop();
        } else if (scan instanceof ResolvedNodes.ResolvedRecursiveRefScan ref) {
            same(ref.getColumnList(), recursions.element().getColumnList());
        } else if (scan instanceof ResolvedNodes.ResolvedGroupRowsScan rows) {
            computed(rows.getInputColumnList());
        } else {
            other(scan);
        }
    }

    private void table(ResolvedNodes.ResolvedTableScan table) {
        tables.add(table.getTable().getName().toLowerCase(Locale.ROOT));
        for (ResolvedColumn column : table.getColumnList()) {
            sources.put(
                    column.getId(),
                    new Source(List.of(), List.of(), List.of(table.getTable().getName() + "." + column.getName())));
        }
    }

    private void analytic(ResolvedNodes.ResolvedAnalyticScan analytic) {
        for (ResolvedNodes.ResolvedAnalyticFunctionGroup group : analytic.getFunctionGroupList()) {
            for (ResolvedNodes.ResolvedComputedColumnBase column : group.getAnalyticFunctionList()) {
                List<ResolvedNodes.ResolvedExpr> exprs = new ArrayList<>(List.of(column.getExpr()));
                if (group.getPartitionBy() != null) {
                    exprs.addAll(group.getPartitionBy().getPartitionByList());
                }
                if (group.getOrderBy() != null) {
                    group.getOrderBy().getOrderByItemList().forEach(item -> exprs.add(item.getColumnRef()));
                }
                sources.put(column.getColumn().getId(), new Source(exprs, List.of(), List.of()));
            }
        }
        scan(analytic.getInputScan());
    }

    private void array(ResolvedNodes.ResolvedArrayScan array) {
        for (int i = 0; i < array.getArrayExprList().size(); i++) {
            ResolvedColumn element = array.getElementColumnList().get(i);
            ResolvedNodes.ResolvedExpr expr = array.getArrayExprList().get(i);
            sources.put(element.getId(), new Source(List.of(expr), List.of(), List.of()));
            if (!element.getType().isStruct()) {
                column(element.getId(), List.of());
            }
        }
        expr(array.getJoinExpr(), List.of());
        scan(array.getInputScan());
    }

    private void together(
            List<ResolvedColumn> columns, List<ResolvedNodes.ResolvedSetOperationItem> items, boolean all) {
        for (int i = 0; i < columns.size(); i++) {
            List<Long> inputs = new ArrayList<>();
            for (ResolvedNodes.ResolvedSetOperationItem item : items) {
                // How deep a recursion is has no input.
                if (i < item.getOutputColumnList().size()) {
                    inputs.add(item.getOutputColumnList().get(i).getId());
                }
            }
            sources.put(columns.get(i).getId(), new Source(List.of(), inputs, List.of()));
            if (!all) {
                column(columns.get(i).getId(), List.of());
            }
        }
        items.forEach(item -> scan(item.getScan()));
        if (!all) {
            items.forEach(item -> item.getOutputColumnList().forEach(column -> column(column.getId(), List.of())));
        }
    }

    private void same(List<ResolvedColumn> columns, List<ResolvedColumn> inputs) {
        for (int i = 0; i < Math.min(columns.size(), inputs.size()); i++) {
            sources.put(
                    columns.get(i).getId(), new Source(List.of(), List.of(inputs.get(i).getId()), List.of()));
        }
    }

    /** A scan without rules of its own: its expressions decide about its rows. */
    private void other(ResolvedNodes.ResolvedScan scan) {
        children(scan, List.of());
    }

    private void expr(ResolvedNode expr, List<String> path) {
        if (expr == null) {
            return;
        }
        if (expr instanceof ResolvedNodes.ResolvedColumnRef ref) {
            column(ref.getColumn().getId(), path);
        } else if (expr instanceof ResolvedNodes.ResolvedGetStructField get) {
            Type type = get.getExpr().getType();
            StructType struct = type.asStruct();
            List<String> longer = new ArrayList<>(List.of(
                    struct.getField((int) get.getFieldIdx()).getName()));
            longer.addAll(path);
            expr(get.getExpr(), longer);
        } else if (expr instanceof ResolvedNodes.ResolvedMakeStruct make) {
            make(make, path);
        } else if (expr instanceof ResolvedNodes.ResolvedWithExpr with) {
            computed(with.getAssignmentList());
            expr(with.getExpr(), path);
        } else if (expr instanceof ResolvedNodes.ResolvedSubqueryExpr sub) {
            scan(sub.getSubquery());
            expr(sub.getInExpr(), List.of());
            if (sub.getSubqueryType() != SubqueryType.EXISTS) {
                sub.getSubquery().getColumnList().forEach(column -> column(column.getId(), path));
            }
        } else if (expr instanceof ResolvedNodes.ResolvedFunctionCallBase call && isTransparent(call, path)) {
            transparent(call, path);
        } else {
            children(expr, List.of());
        }
    }

    private void make(ResolvedNodes.ResolvedMakeStruct make, List<String> path) {
        StructType struct = make.getType().asStruct();
        for (int i = 0; i < make.getFieldList().size(); i++) {
            boolean wanted = path.isEmpty()
                    || struct.getField(i).getName().equalsIgnoreCase(path.get(0));
            if (wanted) {
                expr(make.getFieldList().get(i), path.isEmpty() ? path : path.subList(1, path.size()));
            }
        }
    }

    private static String name(ResolvedNodes.ResolvedFunctionCallBase call) {
        String name = call.getFunction().getName();
        return name.substring(name.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean isTransparent(ResolvedNodes.ResolvedFunctionCallBase call, List<String> path) {
        String name = name(call);
        boolean element = Set.of("$array_at_offset", "$safe_array_at_offset", "$array_at_ordinal", "$safe_array_at_ordinal")
                .contains(name);
        return element
                || (!path.isEmpty()
                        && Set.of("array_agg", "any_value", "if", "coalesce", "ifnull", "first_value", "$make_array")
                                .contains(name));
    }

    private void transparent(ResolvedNodes.ResolvedFunctionCallBase call, List<String> path) {
        List<ResolvedNodes.ResolvedExpr> args = call.getArgumentList();
        String name = name(call);
        for (int i = 0; i < args.size(); i++) {
            boolean value = switch (name) {
                case "if" -> i > 0;
                case "coalesce", "ifnull", "$make_array" -> true;
                default -> i == 0;
            };
            expr(args.get(i), value ? path : List.of());
        }
        if (call instanceof ResolvedNodes.ResolvedAggregateFunctionCall aggregate) {
            aggregate.getOrderByItemList().forEach(item -> expr(item.getColumnRef(), List.of()));
            expr(aggregate.getHavingModifier(), List.of());
        }
    }

    /** Everything directly below a node. */
    private void children(ResolvedNode node, List<String> path) {
        node.accept(new ResolvedNodes.Visitor() {
            @Override
            protected void defaultVisit(ResolvedNode child) {
                if (child == node) {
                    super.defaultVisit(child);
                } else if (child instanceof ResolvedNodes.ResolvedScan scan) {
                    scan(scan);
                } else if (child instanceof ResolvedNodes.ResolvedExpr expr) {
                    ZetaLiveness.this.expr(expr, path);
                } else {
                    super.defaultVisit(child);
                }
            }
        });
    }
}
