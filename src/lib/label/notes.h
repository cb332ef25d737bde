/* SPDX-License-Identifier: MIT */
/*
 * A cache of the files in which an engine lists all of its containers. Such a list can be large,
 * and is searched for each container, but parsed once. Pure.
 */
#pragma once

#include "label/text.h"

struct notes_list;

/* The last few lists. Zeroed is empty. */
#define NOTES_LISTS 4
struct notes {
    struct notes_list *lists[NOTES_LISTS];
    size_t next;   /* the place of the next one, modulo NOTES_LISTS */
    size_t parsed; /* the number of lists that were parsed */
};

/* A container in such a list. */
struct notes_entry {
    char *all; /* what the others are in */
    const char *id, *name;
    const char *image; /* as people call it; empty: unknown */
};

/* The entry of a container in containers.json, the list of Podman, Buildah and CRI-O
 * (containers/storage), by its ID; NULL if there is none. Valid until the next call. */
const struct notes_entry *notes_find(struct notes *notes, struct text file, const char *id);

void notes_free(struct notes *notes);
