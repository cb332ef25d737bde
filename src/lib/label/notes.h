/* SPDX-License-Identifier: MIT */
/*
 * Lists in which engines note all of their containers: each is asked for once a container, may be
 * large, and is parsed once. Pure: the bytes are the caller's.
 */
#ifndef NSTREE_NOTES_H
#define NSTREE_NOTES_H

#include "label/text.h"

struct notes_list;

/* The lists that were parsed last. Zeroed is empty. */
#define NOTES_LISTS 4
struct notes {
    struct notes_list *lists[NOTES_LISTS];
    size_t next;   /* which one the next takes the place of */
    size_t parsed; /* how many were */
};

/* The name of the container with this id in containers.json, the list of Podman, Buildah and CRI-O
 * (containers/storage); NULL if there is none. It is lent until the next call. */
const char *notes_name(struct notes *notes, struct text file, const char *id);

void notes_free(struct notes *notes);

#endif
