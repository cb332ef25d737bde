/* SPDX-License-Identifier: MIT */
#include "cli/needed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/pids.h"
#include "nstree.h"

/* Notes a thread. */
static int add_thread(struct thread_list *list, uint32_t tid, uint32_t pid)
{
    struct thread *items = array_room(list->items, &list->capacity, list->n + 1, sizeof *items);

    if (!items)
        return -ENOMEM;
    list->items = items;
    items[list->n++] = (struct thread){tid, pid};
    return 0;
}

/* Looks up the process that a number belongs to, into *pid. Where there is none, all processes have
 * to be read: to see what else it may be, or to say what is known of it. */
static int look_up(struct options *options, uint32_t number, uint32_t *pid, bool *all)
{
    int rc = nstree_number_process(options->proc, number, pid);

    if (rc != 0)
        *pid = number;
    if (rc == -ENOENT)
        *all = true;
    return *pid == number ? 0 : add_thread(&options->threads, number, *pid);
}

static int compare_threads(const void *a, const void *b)
{
    const struct thread *x = a, *y = b;

    return compare_numbers(x->pid, y->pid) ?: compare_numbers(x->tid, y->tid);
}

/* --pid. */
static int look_up_pids(struct options *options, struct pid_list *out, bool *all)
{
    int rc = 0;

    for (size_t i = 0; i < options->pids.n && rc == 0; i++) {
        uint32_t *pid = &options->pids.items[i];

        rc = look_up(options, *pid, pid, all) ?: pids_add(out, *pid);
    }
    return rc;
}

/* WHAT that is a number. */
static int look_up_whats(struct options *options, struct pid_list *out, bool *all)
{
    int rc = 0;

    for (size_t i = 0; i < options->whats.n && rc == 0; i++) {
        struct ns_operand *what = &options->whats.items[i];
        uint32_t number;

        if (pids_parse(what->text, strlen(what->text), &number) == 0)
            rc = look_up(options, number, &what->process, all) ?: pids_add(out, what->process);
        else
            *all = true;
    }
    return rc;
}

/* --find, which takes no threads: a miss says of which process one is. */
static int look_up_finds(struct options *options)
{
    int rc = 0;

    for (size_t i = 0; i < options->finds.n && rc == 0; i++) {
        uint32_t pid;
        bool all = false;

        rc = look_up(options, options->finds.items[i], &pid, &all);
    }
    return rc;
}

int needed_find(struct options *options, struct pid_list *out)
{
    bool all = options->finds.n > 0 || options->namespaces.n > 0 || options->all;
    int rc = options->namespaces.n > 0 ? 0 : look_up_pids(options, out, &all);

    rc = rc ?: look_up_whats(options, out, &all) ?: look_up_finds(options);
    if (options->threads.n > 0)
        qsort(options->threads.items, options->threads.n, sizeof *options->threads.items,
              compare_threads);
    if (all)
        out->n = 0;
    return rc;
}
