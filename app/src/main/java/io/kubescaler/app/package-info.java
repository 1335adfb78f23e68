@NullMarked
package io.kubescaler.app;

import org.jspecify.annotations.NullMarked;
