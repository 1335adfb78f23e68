/**
 * Node pools of DigitalOcean Kubernetes: a small client of the public API, and the provider on top of it. See
 * {@code docs/providers/digitalocean.md}.
 */
@NullMarked
package io.kubescaler.digitalocean;

import org.jspecify.annotations.NullMarked;
