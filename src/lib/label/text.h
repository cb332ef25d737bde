/* SPDX-License-Identifier: MIT */
/*
 * Pieces of what a process leaves in /proc: words of a command line, variables, components of a
 * cgroup path, mounts. Pure: nothing is copied but where a function says so, and no length or form
 * is trusted, for most of it was written by others.
 */
#ifndef NSTREE_WORDS_H
#define NSTREE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that are lent. `at` is NULL where there are none to be had, which is not the same as none.
 */
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

/* Without a suffix, if it has it. */
struct text text_without(struct text text, const char *suffix);

/* What is behind the last slash. */
struct text text_base(struct text path);

/* A NUL-terminated copy, as much of it as there is room for, up to the first NUL in it. */
void text_copy(char *out, size_t size, struct text text);

/* The same of what systemd escaped as \xNN in the name of a unit (systemd-escape(1)), or what the
 * kernel escaped as \NNN in mountinfo (proc_pid_mountinfo(5)). */
void text_unescape_unit(char *out, size_t size, struct text text);
void text_unescape_mount(char *out, size_t size, struct text text);

/* Whether it is all [0-9a-f], and at least `least` of them. */
bool text_is_hex(struct text text, size_t least);

/* A container's id: exactly 64 of [0-9a-f]. */
bool text_is_id(struct text text);

/* A UUID as text: 36 of [0-9a-f-]. */
bool text_is_uuid(struct text text);

/* Cuts the first piece, up to `separator`, off *rest into *piece. Returns false at the end. */
bool text_next(struct text *rest, char separator, struct text *piece);

/* The first word of a command line. */
struct text args_first(struct text args);

/* The word behind `option` in a command line, or what follows its `=`; empty if there is none. */
struct text args_value(struct text args, const char *option);

/* The value of a variable in an environment; `at` is NULL if it is not set. */
struct text environ_value(struct text environment, const char *name);

/* The value of a line NAME="VALUE" in a .containerenv file; empty if there is none. */
struct text containerenv_value(struct text file, const char *name);

/* One line of a mountinfo file. */
struct mount {
    struct text device; /* major:minor */
    struct text root;   /* what of its file system is mounted */
    struct text point;  /* where */
};

/* Cuts the first mount off *rest. Returns false at the end; a line that is none is passed over. */
bool mount_next(struct text *rest, struct mount *mount);

/* The last mount on `point`, which is the one that is seen there. Returns false if there is none.
 */
bool mount_at(struct text mountinfo, const char *point, struct mount *mount);

#endif
