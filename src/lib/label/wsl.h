/* SPDX-License-Identifier: MIT */
/* Signals of WSL 2 and of Docker Desktop in it, for the table in engines.c. Pure. */
#pragma once

#include "label/kinds.h"

/* A distribution, by its init. */
bool wsl_environment(struct trial *trial, struct found *found);
bool wsl_name(struct trial *trial, struct found *found);

/* A distribution whose init is systemd. */
bool wsl_second(struct trial *trial, struct found *found);
bool wsl_container(struct trial *trial, struct found *found);

/* The LinuxKit system within docker-desktop; the parent process runs unshare. */
bool wsl_linuxkit(struct trial *trial, struct found *found);

/* Whether the initial PID namespace is that of the virtual machine in which `wslc` runs containers.
 */
bool wsl_is_wslc(struct trial *trial);
