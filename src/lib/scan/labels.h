/* SPDX-License-Identifier: MIT */
/*
 * Labels, and the other namespaces of inits: hands the judge the evidence that it asks for. Only
 * inits and their parents are looked at. Namespaces come in the order of the tree, so the one that
 * was met last at each level above is the one around, and what was read of its init is still there.
 */
#pragma once

#include "scan/scanner.h"

/* Describes the namespaces that finish_places() has placed, as far as scanner->want asks for it.
 * What cannot be read is left out. Returns 0 or -ENOMEM. */
int scan_labels(struct scanner *scanner);

/* Whether that is a kernel of WSL 2. Those that people build keep one of its two words. */
bool labels_is_wsl(const char *release);
