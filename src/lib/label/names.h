/* SPDX-License-Identifier: MIT */
/*
 * Names for people, from the notes that engines keep in files, without asking a daemon; and last
 * doubts: each of these returns false where the kind is not so after all. See kind_words.find_name.
 */
#ifndef NSTREE_NAMES_H
#define NSTREE_NAMES_H

#include "label/kinds.h"

bool names_docker(struct trial *trial, struct found *found);
bool names_k8s(struct trial *trial, struct found *found);
bool names_podman(struct trial *trial, struct found *found);
bool names_lxc(struct trial *trial, struct found *found);
bool names_wsl(struct trial *trial, struct found *found);
bool names_firejail(struct trial *trial, struct found *found);
bool names_buildah(struct trial *trial, struct found *found);
bool names_runtime(struct trial *trial, struct found *found);

/* What signals say by the same notes. The title of LXC's monitor process, `[lxc monitor] PATH NAME`
 * all in one word; returns false where the parent is none. And the fields of a .containerenv. */
bool names_lxc_monitor(struct trial *trial, struct text *path, struct text *name);
void names_containerenv(struct text file, struct found *found);

#endif
