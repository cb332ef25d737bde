/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "cli/escape.h"
#include "cli/pids.h"
#include "cli/privilege.h"
#include "cli/style.h"

void report_text(const char *text)
{
    fputs("nstree: ", stderr);
    escape_write(stderr, text, strlen(text), !style_other_charset());
    putc('\n', stderr);
}

int report_failure(const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    report_text(text);
    return 2;
}

/* Appends to a text of up to UNSEEN_BYTES. */
#define UNSEEN_BYTES 512
__attribute__((format(printf, 2, 3))) static void append(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;

    va_start(args, format);
    vsnprintf(text + used, UNSEEN_BYTES - used, format, args);
    va_end(args);
}

static void append_count(char *text, uint64_t n, const char *one, const char *more)
{
    if (n > 0)
        append(text, "%s%llu %s", *text ? ", " : "", (unsigned long long)n, n == 1 ? one : more);
}

/* How many of the processes whose descriptors may not be read are named. */
#define UNSEARCHED_SHOWN 3

static void append_unsearched(char *text, const struct nstree_info *info)
{
    uint64_t left = info->unsearched;

    if (left == 0)
        return;
    append(text, "%scannot read the file descriptors of ", *text ? ", " : "");
    append(text, left == 1 ? "process" : "%llu processes:", (unsigned long long)left);
    for (size_t i = 0; i < info->n_unsearched_pids && i < UNSEARCHED_SHOWN; i++, left--)
        append(text, "%s %u", i > 0 ? "," : "", (unsigned)info->unsearched_pids[i]);
    if (left > 0)
        append(text, " and %llu more", (unsigned long long)left);
}

/* Counts the namespaces that could not be read, and the inferred places. */
static void count_places(const struct nstree_ns *root, uint64_t *unreadable, uint64_t *inferred)
{
    *unreadable = *inferred = 0;
    for (size_t i = 0; i <= root->below; i++) {
        *unreadable += (root[i].flags & NSTREE_NS_UNREADABLE) != 0;
        *inferred += (root[i].flags & NSTREE_NS_INFERRED) != 0;
    }
    for (size_t i = 0; i < root->n_inside; i++)
        *inferred += (root->members[i].flags & NSTREE_PROCESS_INFERRED) != 0;
}

/* What would help. Root is denied access without the capability, by a security module, or if it is
 * root of a container only. Outside the PID namespace of the procfs, root may not ask for the
 * namespaces above its own. */
static const char *choose_advice(const struct nstree_info *info)
{
    if (geteuid() != 0)
        return "run as root, or: setcap cap_sys_ptrace,cap_dac_read_search=ep nstree";
    if (privilege_is_withheld())
        return "this root lacks CAP_SYS_PTRACE";
    return info->foreign ? "run it in the PID namespace of that procfs"
                         : "denied even to root: run it on the host";
}

void report_unseen(const struct nstree *tree)
{
    const struct nstree_info *info = nstree_info(tree);
    const struct nstree_ns *root = nstree_root(tree);
    uint64_t unreadable, inferred;
    char text[UNSEEN_BYTES] = "";

    count_places(root, &unreadable, &inferred);
    if (info->flat)
        append(text,
               "status has no NSpid (Linux before 4.1, or a sandbox such as gVisor): nested PID "
               "namespaces cannot be seen");
    append_count(text, unreadable, "namespace could not be read", "namespaces could not be read");
    append_count(text, inferred, "place is inferred", "places are inferred");
    append_count(text, info->hidden, "process is inaccessible", "processes are inaccessible");
    append_count(text, info->malformed, "process has a malformed status",
                 "processes have a malformed status");
    append_count(text, info->given_up, "read of a file or command line timed out",
                 "reads of files or command lines timed out");
    append_count(text, info->left_out, "file or command line exceeded the read limit",
                 "files or command lines exceeded the read limit");
    append_count(text, info->failed, "read failed for want of descriptors or memory",
                 "reads failed for want of descriptors or memory");
    append_unsearched(text, info);
    if (!root->init) /* every scan looks for it */
        append(text, "%sthe init and others are hidden (hidepid)", *text ? ", " : "");
    bool denied = unreadable + inferred + info->hidden > 0 || !root->init;
    if (info->source != NSTREE_SOURCE_RECORDING && denied)
        append(text, " (%s)", choose_advice(info));
    if (*text)
        report_text(text);
}

/* Whether PIDs of the root are asked for. */
static bool asks_pids(const struct options *options)
{
    uint32_t pid;

    if (options->pids.n > 0 && options->namespaces.n == 0)
        return true;
    for (size_t i = 0; i < options->whats.n; i++) {
        if (pids_parse(options->whats.items[i].text, strlen(options->whats.items[i].text), &pid) ==
            0)
            return true;
    }
    return false;
}

void report_counting(const struct nstree *tree, const struct options *options)
{
    const struct nstree_ns *root = nstree_root(tree);
    char id[NSTREE_ID_SIZE], text[256];

    if (!nstree_info(tree)->foreign || !asks_pids(options))
        return;
    snprintf(text, sizeof text,
             "%s of pid:[%s], the PID namespace of %s, but nstree runs in another",
             options->pids.n > 0 ? "--pid takes PIDs" : "PIDs are those",
             root->inode ? nstree_ns_id(root, id) : "?", options->proc ? options->proc : "/proc");
    report_text(text);
}
