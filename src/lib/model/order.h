/* SPDX-License-Identifier: MIT */
/*
 * Which namespaces the tree shows, and in what order: each before its children, siblings by the PID
 * that their init has in the parent, else by the smallest that a process inside has there.
 */
#pragma once

#include "model/builder.h"

/* Sets builder->order, and node.init of every node. All is placed. Returns 0 or -ENOMEM. */
int order_namespaces(struct builder *builder);
