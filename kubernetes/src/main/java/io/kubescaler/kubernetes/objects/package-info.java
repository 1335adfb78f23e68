/** Reads pods and nodes from the JSON of the API server, object by object, into what scaling needs of them. */
@NullMarked
package io.kubescaler.kubernetes.objects;

import org.jspecify.annotations.NullMarked;
