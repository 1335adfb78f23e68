@NullMarked
package io.kubescaler.app.http;

import org.jspecify.annotations.NullMarked;
