package io.kubescaler.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.kubescaler.testing.ArchitectureRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between the modules and inside the app, and the habits of all of them: every module is seen from here. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = ArchitectureRules.productionClasses();

    @Test
    void seesEveryModule() {
        assertThat(CLASSES.contain("io.kubescaler.plan.Planner")).isTrue();
        assertThat(CLASSES.contain("io.kubescaler.digitalocean.DigitalOceanProvider"))
                .isTrue();
        assertThat(CLASSES.contain("io.kubescaler.simulated.SimulatedProvider")).isTrue();
        assertThat(CLASSES.contain("io.kubescaler.kubernetes.pool.ClusterWatch"))
                .isTrue();
        assertThat(CLASSES.contain("io.kubescaler.app.Main")).isTrue();
        assertThat(CLASSES.contain(getClass())).isFalse();
    }

    @Test
    void arrowsPointFromTheAppToTheCore() {
        ArchitectureRules.nothingDependsOnTheApp().check(CLASSES);
        ArchitectureRules.coreDependsOnItselfAlone().check(CLASSES);
    }

    @Test
    void providersDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.kubescaler.digitalocean..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kubescaler.simulated..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.kubescaler.simulated..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kubescaler.digitalocean..")
                .check(CLASSES);
    }

    @Test
    void digitalOceanIsWrittenAsAPlugInWouldBe() {
        noClasses()
                .that()
                .resideInAPackage("io.kubescaler.digitalocean..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.kubescaler.plan..",
                        "io.kubescaler.control..",
                        "io.kubescaler.kubernetes..",
                        "io.kubescaler.secrets..",
                        "io.kubescaler.words..")
                .because("plug-ins see io.kubescaler.provider and io.kubescaler.model alone")
                .check(CLASSES);
    }

    @Test
    void nothingThatIsShippedNeedsTheTests() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.kubescaler.testing..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kubescaler.testing..")
                .check(CLASSES);
    }

    @Test
    void theClusterKnowsOnlyTheCore() {
        noClasses()
                .that()
                .resideInAPackage("io.kubescaler.kubernetes..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.kubescaler.app..",
                        "io.kubescaler.digitalocean..",
                        "io.kubescaler.simulated..",
                        "com.google.inject..",
                        "com.typesafe.config..")
                .because("settings, wiring and clouds are the app's business")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.kubescaler.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theCodeMapNamesEveryPackageAndNoOther() throws IOException {
        Set<String> packages = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring("io.kubescaler.".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        // not on the class path here, or no part of what is shipped
        packages.addAll(Set.of("bench", "testing.cluster", "testing.process"));

        assertThat(mapped()).isEqualTo(packages);
    }

    private static Set<String> mapped() throws IOException {
        Pattern row = Pattern.compile("\\| [^|]*\\| ([^|]*)\\| [^|]*\\|");
        Pattern name = Pattern.compile("`([\\w.]+)`");
        return Files.readAllLines(Path.of("..", "docs", "architecture.md")).stream()
                .dropWhile(line -> !line.equals("## Code map"))
                .takeWhile(line -> !line.startsWith("## From"))
                .flatMap(line -> row.matcher(line).results())
                .flatMap(match -> name.matcher(match.group(1)).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void timeIsInjected() {
        // the one class that is known to ask by itself: it waits for the first list of `plan`, in real time
        JavaClasses others =
                CLASSES.that(DescribedPredicate.not(JavaClass.Predicates.belongTo(DescribedPredicate.describe(
                        "LivePlans", it -> it.getSimpleName().equals("LivePlans")))));
        ArchitectureRules.timeIsInjected().forEach(rule -> rule.check(others));
    }
}
