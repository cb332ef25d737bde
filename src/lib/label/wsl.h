/* SPDX-License-Identifier: MIT */
/* Signals of WSL 2, for the table in engines.c. Pure. */
#pragma once

#include "label/kinds.h"

/* A distribution, by its init. */
bool wsl_environment(struct trial *trial, struct found *found);
bool wsl_name(struct trial *trial, struct found *found);

/* A distribution whose init is systemd. */
bool wsl_second(struct trial *trial, struct found *found);
bool wsl_container(struct trial *trial, struct found *found);
