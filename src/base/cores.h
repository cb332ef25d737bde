/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* How many CPUs this process may run on: not all of them under taskset(1) or in a cpuset. 1 where
 * the kernel does not say. */
size_t count_cores(void);
