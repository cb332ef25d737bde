/* SPDX-License-Identifier: MIT */
/* Capabilities: what a scan needs and nothing else while it runs, none at all afterwards. */
#ifndef PRIVILEGE_H
#define PRIVILEGE_H

#include <stdbool.h>

/* For the beginning: where the program's file gives it another user or group, gives these up for
 * good, and puts out of effect what capabilities it gives. Returns 0 or a negative errno. */
int privilege_rest(void);

/* Keeps the capabilities that a scan needs (with --all if `all`), as far as they are permitted, or
 * none if not `trusted`, and gives up all others for good. What they are in effect for is the
 * library's to say. Returns 0 or a negative errno. */
int privilege_begin(bool trusted, bool all);

/* Gives up all capabilities for good. Returns 0 or a negative errno. */
int privilege_drop(void);

/* Whether not even root has the capability here that looking at others' namespaces needs, as in
 * most containers. Can be asked at any time. */
bool privilege_is_withheld(void);

/* Whether the privileges of this process come from the program's file and not from who runs it:
 * then they are for what the program looks at by itself, and not for what its user names. */
bool privilege_is_borrowed(void);

#endif
