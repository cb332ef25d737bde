/* SPDX-License-Identifier: MIT */
#include "cli/privilege.h"

#include <errno.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Missing in <linux/capability.h> before Linux 5.8. */
#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

/* To read ns/pid of another user's process, PTRACE_MODE_READ access is needed (ptrace(2)). The
 * second opens any file that the scan finds, the next two load the BPF scanner. (Kernels that want
 * CAP_SYS_ADMIN instead are too old for it.) The last is for --all only, for listns(2) and handles
 * of what it lists (may_see_all_namespaces() in kernel/nscommon.c). */
static const cap_value_t scan_caps[] = {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_PERFMON, CAP_BPF,
                                        CAP_SYS_ADMIN};
#define SCAN_CAPS 4
#define SCAN_CAPS_FOR_ALL 5

/* Adds a capability to `next` if `now` permits it. */
static int keep(cap_t now, cap_t next, cap_value_t cap, bool effective)
{
    cap_flag_value_t permitted = CAP_CLEAR;

    if (cap_get_flag(now, cap, CAP_PERMITTED, &permitted) != 0 || permitted == CAP_CLEAR)
        return 0;
    if (cap_set_flag(next, CAP_PERMITTED, 1, &cap, CAP_SET) != 0 ||
        (effective && cap_set_flag(next, CAP_EFFECTIVE, 1, &cap, CAP_SET) != 0))
        return -errno;
    return 0;
}

/* Keeps the first n of scan_caps. */
static int set_caps(size_t n, bool effective)
{
    cap_t now = cap_get_proc(), next = cap_init();
    int rc = now && next ? 0 : -errno;

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = keep(now, next, scan_caps[i], effective);
    if (rc == 0 && cap_set_proc(next) != 0)
        rc = -errno;
    cap_free(now); /* accepts NULL */
    cap_free(next);
    return rc;
}

/* Gives up the effective user and group of a set-user-ID or set-group-ID program for good. Root's
 * capabilities are kept and used like those of a file, but access to root's own files is not. */
static int become_caller(void)
{
    if (getuid() == geteuid() && getgid() == getegid())
        return 0;
    if (prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L) != 0 ||
        setresgid(getgid(), getgid(), getgid()) != 0 ||
        setresuid(getuid(), getuid(), getuid()) != 0)
        return -errno;
    return 0;
}

int privilege_suspend(void)
{
    int rc = become_caller();

    return rc == 0 && privilege_is_borrowed() ? set_caps(SCAN_CAPS_FOR_ALL, false) : rc;
}

int privilege_begin(bool trusted, bool all)
{
    return trusted ? set_caps(all ? SCAN_CAPS_FOR_ALL : SCAN_CAPS, true) : privilege_drop();
}

int privilege_drop(void)
{
    return set_caps(0, false);
}

bool privilege_is_withheld(void)
{
    return cap_get_bound(CAP_SYS_PTRACE) == 0;
}

bool privilege_is_borrowed(void)
{
    return geteuid() != 0 || getuid() != 0;
}
