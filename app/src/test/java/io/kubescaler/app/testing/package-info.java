/** Real parts for the integration tests: a control plane, and stand-ins for the kubelet and the cloud. */
@NullMarked
package io.kubescaler.app.testing;

import org.jspecify.annotations.NullMarked;
