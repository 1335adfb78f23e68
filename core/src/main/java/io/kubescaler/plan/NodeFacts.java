package io.kubescaler.plan;

import io.kubescaler.model.Node;

/**
 * What follows from one node alone, under one policy and one template: it holds for as long as the node does not change.
 *
 * @param node the node
 * @param room how many more servers fit on it, whether it takes any or not
 * @param newNode what it tells of the slots that a new node will have
 */
record NodeFacts(Node node, long room, Slots.Hint newNode) {}
