package io.kubescaler.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The arrows and habits of the project as rules, for the architecture tests of its modules. Needs ArchUnit on the class
 * path, which the rest of this package does not. Stateless and thread-safe.
 */
public final class ArchitectureRules {
    private static final String TESTING = "/io/kubescaler/testing/";
    private static final String[] CORE = {
        "io.kubescaler.model..",
        "io.kubescaler.plan..",
        "io.kubescaler.control..",
        "io.kubescaler.provider..",
        "io.kubescaler.secrets..",
        "io.kubescaler.words.."
    };

    private ArchitectureRules() {}

    /** Returns the project's own classes on the class path, without tests and test fixtures. */
    public static JavaClasses productionClasses() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains(TESTING) && !location.contains("-tests.jar"))
                .importPackages("io.kubescaler");
    }

    /** Time is injected: no code asks the system for it by itself, and none sleeps. Handing on a reference is fine. */
    public static List<ArchRule> timeIsInjected() {
        ArchRule noSystemTime = noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .because("the clock and the ticker are injected");
        ArchRule noSleep = noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .because("every wait is on a condition, bounded and interruptible");
        Stream<ArchRule> noNow = Stream.of(
                        Instant.class, LocalDate.class, LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class)
                .map(type ->
                        noClasses().should().callMethod(type, "now").because("the time comes from an injected clock"));
        return Stream.concat(Stream.of(noSystemTime, noSleep), noNow).toList();
    }

    /** Only the app knows the app. */
    public static ArchRule nothingDependsOnTheApp() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("io.kubescaler.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kubescaler.app..")
                .because("arrows point from the app to the cluster, the providers and the core");
    }

    /** The core knows neither providers nor the app: only itself, the JDK, slf4j and jspecify. */
    public static ArchRule coreDependsOnItselfAlone() {
        return classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(Stream.of(CORE), Stream.of("java..", "org.slf4j..", "org.jspecify.."))
                        .toArray(String[]::new))
                .because("plug-ins compile against this jar alone");
    }
}
