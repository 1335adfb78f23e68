/** Health, metrics and the API over HTTP: reads only. */
@NullMarked
package io.kubescaler.app.http;

import org.jspecify.annotations.NullMarked;
