/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into nstree: uname(2) reports the release in FORGE_RELEASE, which no namespace can
 * change. Labels of WSL depend on it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int uname(struct utsname *name)
{
    const char *release = getenv("FORGE_RELEASE");
    int rc = (int)syscall(SYS_uname, name);

    if (rc == 0 && release)
        snprintf(name->release, sizeof name->release, "%s", release);
    return rc;
}
