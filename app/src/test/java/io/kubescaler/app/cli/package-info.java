@NullMarked
package io.kubescaler.app.cli;

import org.jspecify.annotations.NullMarked;
