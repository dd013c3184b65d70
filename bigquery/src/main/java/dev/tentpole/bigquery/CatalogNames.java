package dev.tentpole.bigquery;

import dev.tentpole.base.Args;

/** The rules for full names of tables. */
final class CatalogNames {

    private static final int LONGEST = 2_000;

    private CatalogNames() {}

    /** {@return the name, which has a project, a dataset and a table} */
    static String requireFull(String name) {
        Args.notBlank("name", name);
        Args.inRange("length of the name", name.length(), 1, LONGEST);
        Args.check(
                isFull(name),
                "name",
                name,
                "project.dataset.table without backticks; a project may have a domain: a.b:c");
        return name;
    }

    private static boolean isFull(String name) {
        int table = name.lastIndexOf('.');
        int dataset = table < 0 ? -1 : name.lastIndexOf('.', table - 1);
        return dataset > 0 && table > dataset + 1 && table < name.length() - 1 && name.indexOf('`') < 0;
    }
}
