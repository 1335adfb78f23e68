/** Reads and checks the configuration: every problem is found in one go, each with its key, value, source and remedy. */
@NullMarked
package io.kubescaler.app.config;

import org.jspecify.annotations.NullMarked;
