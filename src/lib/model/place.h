/* SPDX-License-Identifier: MIT */
#pragma once

#include "model/builder.h"

/* Gives every draft its node and every node but the root its parent, one level up. The drafts are
 * sorted by PID and have distinct ones. Returns 0 or -ENOMEM. */
int place_all(struct builder *builder);
