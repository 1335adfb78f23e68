package io.kubescaler.testing.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class the {@link ControlPlane}: as a parameter of its constructor, its tests and its lifecycle methods.
 *
 * <p>One control plane serves all classes of a test JVM. What a test left in it is removed after that test, so whatever
 * writes to it must have been closed by the test's own {@code @AfterEach} or earlier.
 *
 * <p>Without the binaries the class is skipped, unless {@code KUBESCALER_REQUIRE_ITS} is {@code true}: then it fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ControlPlaneExtension.class)
public @interface WithControlPlane {}
