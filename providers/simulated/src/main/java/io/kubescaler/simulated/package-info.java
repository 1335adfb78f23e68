@NullMarked
package io.kubescaler.simulated;

import org.jspecify.annotations.NullMarked;
