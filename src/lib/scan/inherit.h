/* SPDX-License-Identifier: MIT */
/*
 * The namespaces of processes whose ns/pid was not read: most processes of a container have a
 * parent in it, and one whose NSpid chain is as long as its parent's is in its parent's namespace
 * (place.c says why). So only the links of inits and of processes that entered from outside are
 * read. For the others it is proven that their parents are still the ones that were listed: then
 * their PPid meant that process when they were read. One look at each parent takes the place of two
 * calls for each child.
 */
#pragma once

#include "scan/scanner.h"

/* Finds the namespaces of the drafts that are deferred. */
int scan_inherited(struct scanner *scanner);
