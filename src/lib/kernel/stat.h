/* SPDX-License-Identifier: MIT */
/* Times of processes: parses stat files of a procfs (proc_pid_stat(5), proc_stat(5)). No system
 * call on a procfs, no allocation. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

/* What times of stat files count in, and from when. */
struct stat_clock {
    uint64_t boot; /* seconds since the Epoch; NSTREE_USAGE_UNKNOWN */
    uint64_t hertz;
};

/* The largest number of a process that is believed, so that no sum overflows: 348 years of
 * hundredths of a second, or a PiB in KiB. */
#define USAGE_MAX (UINT64_C(1) << 40)

/* The clock of this machine. */
struct stat_clock stat_clock_here(void);

/* The clock of a recorded procfs, from the text of its stat file; `boot` is unknown where that has
 * no btime. */
struct stat_clock stat_clock_of(const char *text, size_t len);

/* Parses the stat file of a process: sets `start` and `cpu` of *out. Returns 0, or -EBADMSG with
 * both unknown. */
int stat_parse(const char *text, size_t len, const struct stat_clock *clock,
               struct nstree_usage *out);
