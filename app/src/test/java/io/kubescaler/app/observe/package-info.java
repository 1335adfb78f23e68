@NullMarked
package io.kubescaler.app.observe;

import org.jspecify.annotations.NullMarked;
