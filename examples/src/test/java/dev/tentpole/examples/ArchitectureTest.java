package dev.tentpole.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the arrows between modules, and what may appear in public. */
final class ArchitectureTest {

    private static final String ROOT = "dev.tentpole.";

    /** What each module may use besides base and itself. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "base", Set.of(),
            "cache", Set.of(),
            "pool", Set.of(),
            "retry", Set.of(),
            "health", Set.of(),
            "streaming", Set.of(),
            "bigquery", Set.of(),
            "promql", Set.of("cache"),
            "core", Set.of("cache", "retry", "health"),
            "grafana", Set.of("core"));

    private static final Pattern OTHERS_TYPES = Pattern.compile(
            "(tools\\.jackson|com\\.fasterxml|com\\.github\\.benmanes|dev\\.failsafe|com\\.google\\.(common|re2j))\\..*");

    private static final Pattern PATTERN_NAMES =
            Pattern.compile(".*(Manager|Helper|Utils?|Impl)$|^Abstract[A-Z].*|^I[A-Z][a-z].*Listener");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tentpole");

    @TestFactory
    List<DynamicTest> each_module_uses_only_what_it_may() {
        return ARROWS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Set<String> allowed = new TreeSet<>(entry.getValue());
                    allowed.add("base");
                    allowed.add(entry.getKey());
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + entry.getKey() + "..")
                            .should()
                            .dependOnClassesThat(ofModulesOtherThan(allowed))
                            .allowEmptyShould(true)
                            .check(CLASSES);
                }))
                .toList();
    }

    @Test
    void every_module_is_under_a_rule() {
        Set<String> modules =
                CLASSES.stream().map(ArchitectureTest::module).collect(Collectors.toCollection(TreeSet::new));
        modules.removeAll(Set.of("examples"));
        assertThat(ARROWS.keySet()).containsAll(modules);
        assertThat(modules)
                .contains("base", "bigquery", "cache", "core", "health", "pool", "promql", "retry", "streaming");
    }

    @Test
    void every_package_is_null_marked() {
        classes()
                .that(DescribedPredicate.describe(
                        "are not package-info", c -> !c.getSimpleName().equals("package-info")))
                .should(Conditions.be(
                        "in a @NullMarked package", c -> c.getPackage().isAnnotatedWith(NullMarked.class)))
                .check(CLASSES);
    }

    @Test
    void other_libraries_types_stay_out_of_public_signatures() {
        List<String> found = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            if (isApi(type) && !module(type).equals("examples")) {
                type.getMembers().stream()
                        .filter(ArchitectureTest::isApi)
                        .filter(member -> signature(member).stream()
                                .anyMatch(used ->
                                        OTHERS_TYPES.matcher(used.getName()).matches()))
                        .forEach(member -> found.add(member.getFullName()));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void public_types_are_named_after_the_thing_and_not_after_a_pattern() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName)
                        .filter(name -> PATTERN_NAMES.matcher(name).matches()))
                .isEmpty();
    }

    private static DescribedPredicate<JavaClass> ofModulesOtherThan(Set<String> allowed) {
        return DescribedPredicate.describe(
                "are of modules other than " + allowed,
                type -> type.getPackageName().startsWith(ROOT) && !allowed.contains(module(type)));
    }

    private static String module(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length());
        return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
    }

    private static boolean isApi(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isApi).orElse(true);
    }

    private static boolean isApi(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Set<JavaClass> signature(JavaMember member) {
        Set<JavaClass> used = new java.util.HashSet<>();
        if (member instanceof JavaField field) {
            used.addAll(field.getType().getAllInvolvedRawTypes());
        } else if (member instanceof JavaCodeUnit code) {
            used.addAll(code.getReturnType().getAllInvolvedRawTypes());
            code.getParameterTypes().forEach(type -> used.addAll(type.getAllInvolvedRawTypes()));
            code.getExceptionTypes().forEach(type -> used.add(type.toErasure()));
        }
        return used;
    }

    /** A condition from a predicate. */
    private static final class Conditions {

        static com.tngtech.archunit.lang.ArchCondition<JavaClass> be(
                String description, java.util.function.Predicate<JavaClass> holds) {
            return com.tngtech.archunit.lang.ArchCondition.from(DescribedPredicate.describe(description, holds));
        }
    }
}
