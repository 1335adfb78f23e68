package io.kubescaler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.kubescaler.testing.ArchitectureRules;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The arrows inside the core, and the habits that all modules share. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = ArchitectureRules.productionClasses();

    private static void dependsOnlyOn(String of, String... packages) {
        classes()
                .that()
                .resideInAPackage(of)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }

    @Test
    void seesTheClassesOfTheCore() {
        assertThat(CLASSES.contain("io.kubescaler.plan.Planner")).isTrue();
        assertThat(CLASSES.contain("io.kubescaler.testing.PoolBuilder")).isFalse();
        assertThat(CLASSES.contain(getClass())).isFalse();
    }

    @Test
    void modelKnowsNothingElse() {
        dependsOnlyOn("io.kubescaler.model..", "io.kubescaler.model..", "java..", "org.jspecify..");
    }

    @Test
    void planKnowsOnlyTheModel() {
        dependsOnlyOn(
                "io.kubescaler.plan..", "io.kubescaler.plan..", "io.kubescaler.model..", "java..", "org.jspecify..");
    }

    @Test
    void providerKnowsOnlyTheModel() {
        dependsOnlyOn(
                "io.kubescaler.provider..",
                "io.kubescaler.provider..",
                "io.kubescaler.model..",
                "java..",
                "org.jspecify..");
    }

    @Test
    void controlKnowsPlanModelAndProvider() {
        dependsOnlyOn(
                "io.kubescaler.control..",
                "io.kubescaler.control..",
                "io.kubescaler.plan..",
                "io.kubescaler.model..",
                "io.kubescaler.provider..",
                "java..",
                "org.slf4j..",
                "org.jspecify..");
    }

    @Test
    void planAndModelDoNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAnyPackage("io.kubescaler.plan..", "io.kubescaler.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
                .check(CLASSES);
    }

    @Test
    void coreDependsOnItselfAlone() {
        ArchitectureRules.coreDependsOnItselfAlone().check(CLASSES);
    }

    @Test
    void timeIsInjected() {
        ArchitectureRules.timeIsInjected().forEach(rule -> rule.check(CLASSES));
    }

    @Test
    void theRuleOfTimeSeesWhatItForbids() {
        JavaClasses bad = new ClassFileImporter().importClasses(AsksTheSystem.class);
        assertThat(ArchitectureRules.timeIsInjected().stream()
                        .filter(rule -> rule.evaluate(bad).hasViolation()))
                .hasSize(3);
        assertThatThrownBy(() -> ArchitectureRules.timeIsInjected().get(0).check(bad))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nanoTime");
    }

    /** Does all that the rule of time forbids. */
    static final class AsksTheSystem {
        Instant ask() throws InterruptedException {
            Thread.sleep(System.nanoTime() % 2);
            return Instant.now();
        }
    }
}
