/**
 * What others test against: the contract suites that every provider must pass, and fakes. Published as the test-jar of
 * {@code kubescaler-core}; needs nothing but the JDK, {@code kubescaler-core}, JUnit 5 and AssertJ.
 */
@NullMarked
package io.kubescaler.testing;

import org.jspecify.annotations.NullMarked;
