/* SPDX-License-Identifier: MIT */
/* Capabilities: during a scan only those that it needs, afterwards none. */
#pragma once

#include <stdbool.h>

/* Call this first. Gives up the user and group that a set-user-ID or set-group-ID file grants, and
 * keeps its capabilities permitted but not effective. Returns 0 or a negative errno. */
int privilege_suspend(void);

/* Keeps those permitted capabilities that a scan needs (with --all if `all`), or none if not
 * `trusted`, and gives up all others for good. The library decides what borrowed ones are effective
 * for. Returns 0 or a negative errno. */
int privilege_begin(bool trusted, bool all);

/* Gives up all capabilities for good. Returns 0 or a negative errno. */
int privilege_drop(void);

/* Whether not even root can have the capability to read the namespaces of other users' processes,
 * as in most containers. Valid at any time. */
bool privilege_is_withheld(void);

/* Whether the privileges come from the program's file and not from its caller. Then they must not
 * be used for files that the user names. */
bool privilege_is_borrowed(void);
