/* SPDX-License-Identifier: MIT */
/*
 * Parses what a process shows in /proc: command line, environment, mounts, and text in general.
 * Pure. Functions return parts of their argument, and copy only if their name says so. Others wrote
 * most of the text, so no length and no format is trusted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A piece of text, not owned. `at` is NULL if they cannot be read, which is not the same as
 * empty. */
struct text {
    const char *at;
    size_t len;
};

struct text text_of(const char *string);
bool text_is(struct text text, const char *string);
bool text_starts(struct text text, const char *prefix);
bool text_ends(struct text text, const char *suffix);
bool text_equal(struct text a, struct text b);

/* What follows the first `string` in `text`; `at` is NULL if there is none. */
struct text text_after(struct text text, const char *string);

/* `text` without its first `n` bytes; at most all. */
struct text text_skip(struct text text, size_t n);

/* `text` without this suffix, if it has that. */
struct text text_without(struct text text, const char *suffix);

/* What follows the last slash. */
struct text text_base(struct text path);

/* Copies up to the first NUL, or as much as there is room for, and terminates it with a NUL. */
void text_copy(char *out, size_t size, struct text text);

/* The same, undoing what systemd escapes as \xNN in names of units (systemd-escape(1)), or what the
 * kernel escapes as \NNN in mountinfo (proc_pid_mountinfo(5)). */
void text_unescape_unit(char *out, size_t size, struct text text);
void text_unescape_mount(char *out, size_t size, struct text text);

/* Whether it is at least `least` of [0-9a-f]. */
bool text_is_hex(struct text text, size_t least);

/* Whether it is a container's ID, 64 of [0-9a-f]. */
bool text_is_id(struct text text);

/* Whether it is a UUID. */
bool text_is_uuid(struct text text);

/* Moves what precedes the next `separator` from *rest to *piece. Returns false at the end. */
bool text_next(struct text *rest, char separator, struct text *piece);

/* The first argument of a command line. */
struct text args_first(struct text args);

/* The argument after `option`, or what follows its `=`; empty if there is none. */
struct text args_value(struct text args, const char *option);

/* The value of a variable in an environment; `at` is NULL if it is not set. */
struct text environ_value(struct text environment, const char *name);

/* The value of a line NAME="VALUE" in a .containerenv file; empty if there is none. */
struct text containerenv_value(struct text file, const char *name);

/* A line of a mountinfo file. */
struct mount {
    struct text id;     /* unique on the machine while the mount exists */
    struct text device; /* major:minor */
    struct text root;   /* the directory of its file system that is mounted */
    struct text point;  /* the mount point */
    struct text rest;   /* of the line */
};

/* Takes the next mount from *rest, and skips malformed lines. Returns false at the end. */
bool mount_next(struct text *rest, struct mount *mount);

/* The last, and so the visible, mount on `point`. Returns false if there is none. */
bool mount_at(struct text mountinfo, const char *point, struct mount *mount);

/* The ID of the only mount on "/" in the beginning of a mountinfo file; empty if there is none, or
 * more than one. */
struct text mount_of_root(struct text mountinfo);

/* Whether it is marked `shared:N`, in the fields before the one with a hyphen. */
bool mount_is_shared(const struct mount *mount);
