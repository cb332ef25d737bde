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

/* The name of a container in containers.json, the list of Podman, Buildah and CRI-O
 * (containers/storage), by its ID; NULL if there is none. Valid until the next call. */
const char *notes_name(struct notes *notes, struct text file, const char *id);

void notes_free(struct notes *notes);
