/** The manifests of {@code deploy/kubernetes} on a real API server. */
@NullMarked
package io.kubescaler.app.deploy;

import org.jspecify.annotations.NullMarked;
