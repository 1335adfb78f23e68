@NullMarked
package io.kubescaler.digitalocean;

import org.jspecify.annotations.NullMarked;
