/** Real parts for the integration tests: a control plane, and stand-ins for the kubelet and the cloud. */
@NullMarked
package io.kubescaler.testing.cluster;

import org.jspecify.annotations.NullMarked;
