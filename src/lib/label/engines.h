/* SPDX-License-Identifier: MIT */
/*
 * The engines that are known, and the rules by which their namespaces are recognized. engines.c
 * explains the tables and how to add to them; judge.c applies them.
 */
#pragma once

#include "label/kinds.h"

enum engine_flag {
    ROOT_ONLY = 1 << 0, /* only root can run it: ignored if another user can forge the signal */
    CONTAINER = 1 << 1, /* what it makes are containers: they have names or IDs */
    SHARING = 1 << 2,   /* its containers can share a PID namespace */
};

struct engine_kind {
    const char *word;  /* in JSON */
    const char *title; /* at the start of the label */
    /* Looks up a name for people. Returns false where that shows another kind. May be NULL. */
    bool (*find_name)(struct trial *, struct found *);
    unsigned flags; /* enum engine_flag */
};

extern const struct engine_kind engine_kinds[];

/* Whoever controls a signal, and so can forge it. */
enum author {
    BY_INIT,    /* the init, or the process that started it: its name, mounts, variables, files */
    BY_PARENT,  /* the parent process */
    BY_CGROUP,  /* root, or the user to whom systemd delegated that part of the cgroup tree */
    BY_SERVICE, /* the same; but root's services can run users' processes, which leave orphans */
};

/* One signal of one kind. */
struct rule {
    const char *evidence; /* as in JSON */
    enum kind kind;
    bool inherited; /* processes pass it on to their children */
    enum author author;
    const char *parent; /* the parent process must be this program; NULL: any */
    bool (*signal)(struct trial *, struct found *); /* NULL: the parent is enough */
};

/* The most trusted first. */
extern const struct rule engine_rules[];
extern const size_t engine_n_rules;
