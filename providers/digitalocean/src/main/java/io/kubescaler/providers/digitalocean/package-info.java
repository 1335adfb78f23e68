@NullMarked
package io.kubescaler.providers.digitalocean;

import org.jspecify.annotations.NullMarked;
