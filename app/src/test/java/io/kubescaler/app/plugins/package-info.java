@NullMarked
package io.kubescaler.app.plugins;

import org.jspecify.annotations.NullMarked;
