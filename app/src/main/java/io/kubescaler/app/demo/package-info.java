/** The command {@code demo}: the production controller at work on a simulated cluster and cloud. */
@NullMarked
package io.kubescaler.app.demo;

import org.jspecify.annotations.NullMarked;
