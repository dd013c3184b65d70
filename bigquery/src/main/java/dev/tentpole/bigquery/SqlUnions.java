package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlQuery.SetKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of several relations one after the other, also of those that only some of them have. */
final class SqlUnions {

    private SqlUnions() {}

    static SqlRelation together(List<SqlRelation> inputs, SetKind kind) {
        SqlRelation relation = new SqlRelation();
        relation.inputs.addAll(inputs);
        List<SqlSlot> open = new ArrayList<>();
        for (SqlRelation input : inputs) {
            if (input.open != null) {
                open.add(input.open);
            }
        }
        if (kind.byName()) {
            byName(inputs, kind, relation);
        } else {
            byPlace(inputs, relation, open);
        }
        relation.open = open.isEmpty() ? null : new SqlSlot.Merged("", open, true);
        if (!kind.all()) {
            relation.neededSlots.addAll(relation.columns);
            relation.neededSlots.addAll(open);
        }
        relation.value = inputs.get(0).value;
        return relation;
    }

    private static void byPlace(List<SqlRelation> inputs, SqlRelation relation, List<SqlSlot> open) {
        SqlRelation first = inputs.get(0);
        for (int i = 0; i < first.columns.size(); i++) {
            List<SqlSlot> same = new ArrayList<>();
            for (SqlRelation input : inputs) {
                if (i < input.columns.size()) {
                    same.add(input.columns.get(i));
                }
            }
            relation.columns.add(new SqlSlot.Merged(first.columns.get(i).name, same, false));
        }
        for (SqlRelation input : inputs) {
            if (input.columns.size() != first.columns.size()) {
                open.addAll(input.columns);
            }
        }
    }

    private static void byName(List<SqlRelation> inputs, SetKind kind, SqlRelation relation) {
        Map<String, List<SqlSlot>> same = new LinkedHashMap<>();
        List<Set<String>> has = new ArrayList<>();
        boolean any = false;
        for (SqlRelation input : inputs) {
            Set<String> own = new HashSet<>();
            for (SqlSlot slot : input.columns) {
                String name = SqlText.lower(slot.name);
                if (own.add(name)) {
                    same.computeIfAbsent(name, key -> new ArrayList<>()).add(slot);
                }
            }
            any |= input.open != null;
            has.add(own);
        }
        Set<String> only = new HashSet<>();
        kind.only().forEach(name -> only.add(SqlText.lower(name)));
        for (Map.Entry<String, List<SqlSlot>> entry : same.entrySet()) {
            String name = entry.getKey();
            // A column whose name is not known may be any of them.
            boolean kept = any
                    || switch (kind.keep()) {
                        case EQUAL, ALL -> true;
                        case FIRST -> has.get(0).contains(name);
                        case COMMON -> entry.getValue().size() == inputs.size();
                    };
            if (kept && (only.isEmpty() || only.contains(name))) {
                relation.columns.add(new SqlSlot.Merged(entry.getValue().get(0).name, entry.getValue(), false));
            }
        }
    }
}
