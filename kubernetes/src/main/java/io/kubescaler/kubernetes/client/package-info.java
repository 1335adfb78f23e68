/** Makes clients for the cluster from the settings, and says what is wrong when that is not possible. */
@NullMarked
package io.kubescaler.kubernetes.client;

import org.jspecify.annotations.NullMarked;
