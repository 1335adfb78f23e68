/** The Kubernetes cluster, read by list and watch into the model, and written to by conditional patches. */
@NullMarked
package io.kubescaler.app.kubernetes;

import org.jspecify.annotations.NullMarked;
