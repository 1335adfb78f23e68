/** What the scaler lets the outside see of its passes: documents, health, metrics. */
@NullMarked
package io.kubescaler.app.observe;

import org.jspecify.annotations.NullMarked;
