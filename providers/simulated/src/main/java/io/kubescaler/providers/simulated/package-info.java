@NullMarked
package io.kubescaler.providers.simulated;

import org.jspecify.annotations.NullMarked;
