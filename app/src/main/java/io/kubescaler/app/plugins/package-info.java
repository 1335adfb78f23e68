/** Finds the cloud providers: those built in, and those in plug-in jars, each jar behind a class loader of its own. */
@NullMarked
package io.kubescaler.app.plugins;

import org.jspecify.annotations.NullMarked;
