package dev.tentpole.health;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which checks there are, who depends on whom, and who is in which group. Immutable; made anew when a check comes or goes.
 */
final class Structure {

    private final List<CheckSettings> checks;
    private final Map<String, Integer> positions;
    private final int[][] dependencies;
    private final int[] dependenciesFirst;
    private final Map<Group, int[]> members;

    private Structure(
            List<CheckSettings> checks,
            Map<String, Integer> positions,
            int[][] dependencies,
            int[] dependenciesFirst,
            Map<Group, int[]> members) {
        this.checks = checks;
        this.positions = positions;
        this.dependencies = dependencies;
        this.dependenciesFirst = dependenciesFirst;
        this.members = members;
    }

    /** Refuses double names, unknown groups and dependencies, and circles. */
    static Structure of(List<CheckSettings> checks, Collection<Group> groups) {
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < checks.size(); i++) {
            String name = checks.get(i).name();
            if (positions.put(name, i) != null) {
                throw new HealthException(
                        HealthException.Problem.DUPLICATE_NAME, name, "name = " + name + " is registered already");
            }
        }
        int[][] dependencies = new int[checks.size()][];
        for (int i = 0; i < checks.size(); i++) {
            dependencies[i] = dependencies(checks.get(i), positions);
        }
        return new Structure(
                List.copyOf(checks),
                positions,
                dependencies,
                dependenciesFirst(checks, dependencies),
                members(checks, groups));
    }

    int size() {
        return checks.size();
    }

    Map<String, Integer> positions() {
        return positions;
    }

    Map<Group, int[]> members() {
        return members;
    }

    /** The positions of the checks that the one at a position depends on. */
    int[] dependencies(int position) {
        return dependencies[position];
    }

    /** All positions, each after those that it depends on. */
    int[] dependenciesFirst() {
        return dependenciesFirst;
    }

    /** The names of the checks that name the given one as a dependency. */
    List<String> dependents(String name) {
        return checks.stream()
                .filter(check -> check.dependsOn().contains(name))
                .map(CheckSettings::name)
                .toList();
    }

    private static int[] dependencies(CheckSettings check, Map<String, Integer> positions) {
        return check.dependsOn().stream()
                .mapToInt(name -> {
                    Integer position = positions.get(name);
                    if (position == null) {
                        throw new HealthException(
                                HealthException.Problem.UNKNOWN_DEPENDENCY,
                                check.name(),
                                "dependsOn of check " + check.name() + " holds " + name + ", which is not registered");
                    }
                    return position;
                })
                .toArray();
    }

    private static Map<Group, int[]> members(List<CheckSettings> checks, Collection<Group> groups) {
        Map<Group, List<Integer>> members = new LinkedHashMap<>();
        groups.forEach(group -> members.put(group, new ArrayList<>()));
        for (int i = 0; i < checks.size(); i++) {
            for (Group group : checks.get(i).groups()) {
                List<Integer> list = members.get(group);
                if (list == null) {
                    throw new HealthException(
                            HealthException.Problem.UNKNOWN_GROUP,
                            group.name(),
                            "groups of check " + checks.get(i).name() + " holds " + group.name()
                                    + ", which the registry does not know; known are "
                                    + groups.stream().map(Group::name).toList());
                }
                if (!group.equals(Group.FULL)) {
                    list.add(i);
                }
            }
            members.getOrDefault(Group.FULL, List.of()).add(i);
        }
        Map<Group, int[]> positions = new LinkedHashMap<>();
        members.forEach((group, list) ->
                positions.put(group, list.stream().mapToInt(Integer::intValue).toArray()));
        return positions;
    }

    /** Kahn's algorithm: whatever can't be ordered is in a circle or leads into one. */
    private static int[] dependenciesFirst(List<CheckSettings> checks, int[][] dependencies) {
        int[] open = new int[checks.size()];
        List<List<Integer>> dependents = new ArrayList<>();
        checks.forEach(check -> dependents.add(new ArrayList<>()));
        int[] order = new int[checks.size()];
        int ordered = 0;
        for (int i = 0; i < open.length; i++) {
            open[i] = dependencies[i].length;
            for (int dependency : dependencies[i]) {
                dependents.get(dependency).add(i);
            }
            if (open[i] == 0) {
                order[ordered++] = i;
            }
        }
        for (int i = 0; i < ordered; i++) {
            for (int dependent : dependents.get(order[i])) {
                if (--open[dependent] == 0) {
                    order[ordered++] = dependent;
                }
            }
        }
        if (ordered < open.length) {
            throw cycle(checks, dependencies, open);
        }
        return order;
    }

    private static HealthException cycle(List<CheckSettings> checks, int[][] dependencies, int[] open) {
        int current = 0;
        while (open[current] == 0) {
            current++;
        }
        List<Integer> path = new ArrayList<>();
        while (!path.contains(current)) {
            path.add(current);
            current = unordered(dependencies[current], open);
        }
        List<Integer> circle = new ArrayList<>(path.subList(path.indexOf(current), path.size()));
        circle.add(current);
        String names = String.join(
                " -> ", circle.stream().map(i -> checks.get(i).name()).toList());
        return new HealthException(
                HealthException.Problem.DEPENDENCY_CYCLE,
                checks.get(current).name(),
                "dependsOn makes a circle: " + names);
    }

    private static int unordered(int[] candidates, int[] open) {
        for (int candidate : candidates) {
            if (open[candidate] > 0) {
                return candidate;
            }
        }
        throw new IllegalStateException("a check that can't be ordered has a dependency that can't");
    }
}
