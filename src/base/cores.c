/* SPDX-License-Identifier: MIT */
#include "base/cores.h"

#include <sched.h>

size_t count_cores(void)
{
    cpu_set_t cpus;
    int cores = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;

    return cores > 1 ? (size_t)cores : 1;
}
