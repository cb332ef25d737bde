/* SPDX-License-Identifier: MIT */
/* Names of users, from passwd(5). Not by getpwuid(3): that loads modules of NSS, which the static
 * program does not have, and which can ask servers. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Zeroed: no name is known. */
struct users {
    char *text; /* what the names point into */
    struct user *items;
    size_t n, capacity;
};

/* Reads a file, but no more than 4 MiB of it. One that cannot be read names nobody. Returns 0 or
 * -ENOMEM. Call users_free() in any case. */
int users_read(struct users *users, const char *path);

/* The name of a user, the first that the file has for this uid; or NULL. */
const char *users_name(const struct users *users, uint32_t uid);

void users_free(struct users *users);
