@NullMarked
package io.kubescaler.app.config;

import org.jspecify.annotations.NullMarked;
