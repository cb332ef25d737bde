/* SPDX-License-Identifier: MIT */
#include "kernel/borrowed.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

/* capget(2): version 3 has two words for each set. PID 0 is the calling thread. */
struct sets {
    struct __user_cap_header_struct header;
    struct __user_cap_data_struct words[2];
};

static bool get_sets(struct sets *sets)
{
    *sets = (struct sets){.header = {.version = _LINUX_CAPABILITY_VERSION_3}};
    return syscall(SYS_capget, &sets->header, sets->words) == 0;
}

static uint64_t effective(const struct sets *sets)
{
    return (uint64_t)sets->words[1].effective << 32 | sets->words[0].effective;
}

static bool set_effective(struct sets *sets, uint64_t set)
{
    sets->words[0].effective = (uint32_t)set;
    sets->words[1].effective = (uint32_t)(set >> 32);
    return syscall(SYS_capset, &sets->header, sets->words) == 0;
}

int borrowed_look(struct borrowed *out)
{
    struct sets sets;

    out->effective = 0;
    if (getuid() == 0 && geteuid() == 0)
        return 0;
    if (!get_sets(&sets) || effective(&sets) == 0)
        return 0;
    out->effective = effective(&sets);
    /* This is always permitted, unless a seccomp(2) filter refuses it: better to know now. */
    return set_effective(&sets, 0) && set_effective(&sets, out->effective) ? 0 : -EACCES;
}

static struct loan change(const struct borrowed *borrowed, uint64_t wanted)
{
    struct loan loan = {0};
    struct sets sets;

    if (borrowed->effective == 0 || !get_sets(&sets))
        return loan;
    loan.before = effective(&sets);
    loan.changed = loan.before != wanted && set_effective(&sets, wanted);
    return loan;
}

struct loan borrowed_lend(const struct borrowed *borrowed)
{
    return change(borrowed, borrowed->effective);
}

struct loan borrowed_withhold(const struct borrowed *borrowed)
{
    return change(borrowed, 0);
}

void loan_end(const struct loan *loan)
{
    struct sets sets;

    if (loan->changed && get_sets(&sets))
        set_effective(&sets, loan->before);
}
