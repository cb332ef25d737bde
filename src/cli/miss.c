/* SPDX-License-Identifier: MIT */
#include "cli/miss.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/pids.h"

/* Appends to the words. */
__attribute__((format(printf, 2, 3))) static const char *say(char words[MISS_BYTES],
                                                             const char *format, ...)
{
    size_t used = strlen(words);
    va_list args;

    va_start(args, format);
    vsnprintf(words + used, MISS_BYTES - used, format, args);
    va_end(args);
    return words;
}

/* `pid:[INODE] LABEL`. */
static void say_ns(char words[MISS_BYTES], const struct nstree_ns *ns)
{
    char id[NSTREE_ID_SIZE];

    say(words, "pid:[%s]", ns->inode ? nstree_ns_id(ns, id) : "?");
    if (ns->label)
        say(words, " %.120s", ns->label);
}

/* The namespace in which a process has this PID below the root, or NULL. */
static const struct nstree_ns *level_of(const struct nstree_process *process, uint32_t pid)
{
    for (const struct nstree_ns *ns = process->ns; ns->parent; ns = ns->parent) {
        if (process->nspid[ns->level] == pid)
            return ns;
    }
    return NULL;
}

/* Says which process has this PID at another level, of how many. Returns whether any has. */
static bool say_level(const struct nstree *tree, uint32_t pid, char words[MISS_BYTES])
{
    const struct nstree_ns *root = nstree_root(tree), *where = NULL;
    size_t others = 0;

    for (size_t i = 0; i < root->n_inside; i++) {
        const struct nstree_ns *ns = level_of(&root->members[i], pid);

        others += where && ns;
        if (where || !ns)
            continue;
        where = ns;
        say(words, " (but %u has that PID in ", (unsigned)root->members[i].pid);
        say_ns(words, ns);
    }
    if (others > 0)
        say(words, ", and %zu more elsewhere", others);
    if (where)
        say(words, ": nstree --find %u)", (unsigned)pid);
    return where;
}

/* Whether there are levels outside of the root. */
static bool is_inner(const struct nstree *tree)
{
    uint32_t inode = nstree_root(tree)->inode;

    return inode != 0 && inode != NSTREE_INITIAL_INODE;
}

const char *miss_pid(const struct nstree *tree, uint32_t pid, char words[MISS_BYTES])
{
    words[0] = '\0';
    if (nstree_info(tree)->partial || !is_inner(tree)) {
        say(words, "no process %u", (unsigned)pid);
        (void)say_level(tree, pid, words);
        return words;
    }
    say(words, "%u: no process here", (unsigned)pid);
    if (!say_level(tree, pid, words))
        say(words, ", and no level shown here has it (levels outside the root cannot be seen)");
    return words;
}

/* Says the PID in `ns` of the process that has this one in the root, if it is in there. */
static bool say_other_number(const struct nstree *tree, const struct nstree_ns *ns, uint32_t pid,
                             char words[MISS_BYTES])
{
    const struct nstree_process *process = nstree_find_process(tree, nstree_root(tree), pid);
    uint32_t inside = process ? nstree_number_in(process, ns) : 0;

    if (inside == 0)
        return false;
    say(words, "%u is not in that namespace by that number, but is its %u", (unsigned)pid,
        (unsigned)inside);
    return true;
}

const char *miss_inside(const struct nstree *tree, const struct resolved *places, uint32_t pid,
                        char words[MISS_BYTES])
{
    words[0] = '\0';
    for (size_t i = 0; i < places->n; i++) {
        const struct nstree_ns *ns = resolve_inside(&places->things[i]);

        if (ns && say_other_number(tree, ns, pid, words))
            return words;
    }
    return say(words, "no process %u in the namespace given by --ns", (unsigned)pid);
}

const char *miss_find(const struct thread_list *threads, uint32_t pid, bool everywhere,
                      char words[MISS_BYTES])
{
    words[0] = '\0';
    say(words, "no process%s has PID %u at any level",
        everywhere ? "" : " in the namespace given by --ns", (unsigned)pid);
    for (size_t i = 0; i < threads->n; i++) {
        if (threads->items[i].tid == pid)
            return say(words, " (but it is a thread of %u)", (unsigned)threads->items[i].pid);
    }
    return words;
}

static bool is_any_unreadable(const struct nstree_ns *root)
{
    for (size_t i = 0; i <= root->below; i++) {
        if (root[i].flags & NSTREE_NS_UNREADABLE)
            return true;
    }
    return false;
}

const char *miss_namespace(const struct nstree *tree, const struct options *options,
                           const struct ns_operand *operand, char words[MISS_BYTES])
{
    words[0] = '\0';
    if (strncmp(operand->text, "of=", 3) == 0)
        return say(words, "no process %.80s", operand->text + 3);
    if (!operand->inode && !operand_is_path(operand))
        return say(words, "no PID namespace or container '%.200s' here", operand->text);
    if (is_any_unreadable(nstree_root(tree)))
        return say(words, "no PID namespace %.200s among those that could be read", operand->text);
    /* An nsfs file keeps its namespace alive. */
    if (operand_is_path(operand) && operand->inode && !options->all && !options->load)
        return say(words,
                   "no process here is a member of PID namespace %.200s (--all also shows empty "
                   "ones)",
                   operand->text);
    return say(words, "no PID namespace %.200s here", operand->text);
}

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

bool miss_is_usage(const struct ns_operand *operand)
{
    return operand->inode == 0 && is_number(operand->text);
}

const char *miss_range(const struct ns_operand *operand, char words[MISS_BYTES])
{
    words[0] = '\0';
    return say(words, "'%.200s' is out of range (1 to %u), and no container's ID", operand->text,
               UINT32_MAX);
}

const char *miss_what(const struct nstree *tree, const struct options *options,
                      const struct ns_operand *operand, const struct resolved *found,
                      char words[MISS_BYTES])
{
    const char *text = operand->text;
    uint32_t pid;

    words[0] = '\0';
    if (found->inside) {
        if (say_other_number(tree, found->inside, found->pid, words))
            return words;
        say(words, "no process %u in ", (unsigned)found->pid);
        say_ns(words, found->inside);
        return words;
    }
    if (pids_parse(text, strlen(text), &pid) == 0)
        return miss_pid(tree, pid, words);
    if (operand->inode || operand_is_path(operand) || strncmp(text, "of=", 3) == 0)
        return miss_namespace(tree, options, operand, words);
    return say(words, "no container, namespace or process '%.200s' here", text);
}

#define SEVERAL_SHOWN 4

const char *miss_several(const char *text, const struct resolved *found, char words[MISS_BYTES])
{
    words[0] = '\0';
    say(words, "'%.80s' begins several IDs: ", text);
    for (size_t i = 0; i < found->n && i < SEVERAL_SHOWN; i++)
        say(words, "%s%s %.64s", i > 0 ? ", " : "", found->things[i].container->kind,
            found->things[i].container->id);
    if (found->n > SEVERAL_SHOWN)
        say(words, " and %zu more", found->n - SEVERAL_SHOWN);
    return words;
}

const char *miss_owner(const struct nstree *tree, const struct thing *thing, char words[MISS_BYTES])
{
    const struct nstree_ns *root = nstree_root(tree), *ns = resolve_inside(thing);

    words[0] = '\0';
    if (!thing->container || !ns || ns->owner_uid == NSTREE_UID_UNKNOWN ||
        ns->owner_uid == root->owner_uid)
        return NULL;
    return say(words, "%.200s is owned by uid %u", thing->container->label,
               (unsigned)ns->owner_uid);
}

const char *miss_taken(const struct ns_operand *operand, const struct resolved *found, bool quiet,
                       char words[MISS_BYTES])
{
    const char *text = operand->text;

    words[0] = '\0';
    if (found->what == WHAT_NAME && quiet && !is_number(text))
        return say(words, "no container '%.200s' here: taken for a process name", text);
    if (!is_number(text) || found->what == WHAT_PID)
        return NULL;
    say(words, "no process %.80s: taken for ", text);
    switch (found->what) {
    case WHAT_NS:
        return say(words, "the namespace pid:[%.80s]", text);
    case WHAT_LEVEL:
        return say(words, "a PID at another level, as --find %.80s", text);
    case WHAT_CONTAINER:
        return say(words, "%.200s", found->things[0].container->label);
    default:
        return say(words, "a process name");
    }
}
