/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "cli/escape.h"
#include "cli/privilege.h"
#include "cli/style.h"

void complain(const char *text)
{
    fputs("nstree: ", stderr);
    escape_write(stderr, text, strlen(text), !style_other_charset());
    putc('\n', stderr);
}

int fail(const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    complain(text);
    return 2;
}

/* What could not be seen, in words for one and for more. */
struct unseen {
    uint64_t n;
    const char *one, *more;
};

/* Appends one clause. */
static void say(char *text, size_t size, const struct unseen *unseen)
{
    size_t used = strlen(text);

    if (unseen->n > 0)
        snprintf(text + used, size - used, "%s%llu %s", used ? ", " : "",
                 (unsigned long long)unseen->n, unseen->n == 1 ? unseen->one : unseen->more);
}

/* What would help. Root that is refused lacks the capability, meets a security module or is root of
 * a container only; root elsewhere than in the procfs's own namespace may not ask about those
 * above.
 */
static void advise(char *text, size_t size, bool foreign)
{
    size_t used = strlen(text);
    const char *advice = " (run as root, or: setcap cap_sys_ptrace,cap_dac_read_search=ep nstree)";

    if (geteuid() == 0 && privilege_is_withheld())
        advice = " (this root lacks CAP_SYS_PTRACE)";
    else if (geteuid() == 0)
        advice = foreign ? " (run it in the PID namespace of that procfs)"
                         : " (denied even to root: run it on the host)";
    snprintf(text + used, size - used, "%s", advice);
}

void report_unseen(const struct nstree *tree)
{
    const struct nstree_info *info = nstree_info(tree);
    const struct nstree_ns *root = nstree_root(tree);
    uint64_t unreadable = 0, inferred = 0;
    char text[512] = "";

    for (size_t i = 0; i <= root->below; i++) {
        unreadable += (root[i].flags & NSTREE_NS_UNREADABLE) != 0;
        inferred += (root[i].flags & NSTREE_NS_INFERRED) != 0;
    }
    for (size_t i = 0; i < root->n_inside; i++)
        inferred += (root->members[i].flags & NSTREE_PROCESS_INFERRED) != 0;
    const struct unseen counts[] = {
        {unreadable, "namespace could not be read", "namespaces could not be read"},
        {inferred, "place is inferred", "places are inferred"},
        {info->hidden, "process is inaccessible", "processes are inaccessible"},
        {info->malformed, "process has a malformed status", "processes have a malformed status"},
        {info->given_up, "read of a file or command line timed out",
         "reads of files or command lines timed out"},
        {info->left_out, "file or command line exceeded the read limit",
         "files or command lines exceeded the read limit"},
        {info->failed, "read failed for want of descriptors or memory",
         "reads failed for want of descriptors or memory"},
        {info->unsearched, "process has inaccessible descriptors",
         "processes have inaccessible descriptors"},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        say(text, sizeof text, &counts[i]);
    if (!root->init) { /* it is looked at even where only a few are asked for */
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%sthe init and others are hidden (hidepid)",
                 used ? ", " : "");
    }
    if (text[0] == '\0')
        return;
    bool denied = unreadable + inferred + info->hidden > 0 || !root->init;
    if (info->source != NSTREE_SOURCE_RECORDING && denied)
        advise(text, sizeof text, info->foreign);
    complain(text);
}

void report_counting(const struct nstree *tree, const struct options *options)
{
    const struct nstree_ns *root = nstree_root(tree);
    char id[NSTREE_ID_SIZE], text[256];

    if (!nstree_info(tree)->foreign || options->pids.n == 0 || options->namespaces.n > 0)
        return;
    snprintf(text, sizeof text,
             "--pid takes PIDs of pid:[%s], the PID namespace of %s, but nstree runs in another",
             root->inode ? nstree_ns_id(root, id) : "?", options->proc ? options->proc : "/proc");
    complain(text);
}
