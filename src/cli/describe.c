/* SPDX-License-Identifier: MIT */
#include "cli/describe.h"

#include <string.h>

#include "cli/escape.h"
#include "cli/put.h"

void describe_number(FILE *out, uint64_t number)
{
    char text[NUMBER_BYTES];
    const char *end = compose_number(text, number);

    put_bytes(out, text, (size_t)(end - text));
}

void describe_chain(FILE *out, const struct nstree_process *process, char between)
{
    char text[CHAIN_BYTES];
    const char *end = compose_chain(text, process, between);

    put_bytes(out, text, (size_t)(end - text));
}

void describe_own_pid(FILE *out, const struct nstree_process *process)
{
    describe_number(out, process->nspid[process->levels - 1]);
}

const char *describe_raw_name(const struct look *look, const struct nstree_process *process)
{
    return look->args && process->args ? process->args : process->name;
}

void describe_name(FILE *out, const struct look *look, const struct nstree_process *process)
{
    const char *name = describe_raw_name(look, process);

    escape_write(out, name, strlen(name), look->utf8);
}

void describe_inode(FILE *out, const struct nstree_ns *ns)
{
    put_text(out, "pid:[");
    if (ns->inode)
        describe_number(out, ns->inode);
    else
        put_char(out, '?');
    put_char(out, ']');
}

/* The same, with the PID of its init if the inode is unknown. */
static void write_pid(FILE *out, const struct nstree_ns *ns)
{
    describe_inode(out, ns);
    if (!ns->inode && ns->init) {
        put_text(out, " of ");
        describe_number(out, ns->init->pid);
    }
}

const char *describe_label(const struct look *look, const struct nstree_ns *ns)
{
    return look->labels ? ns->label : NULL;
}

/* Whether a label already names this user. */
static bool names_owner(const char *label, uint32_t uid)
{
    char end[32];
    int len = snprintf(end, sizeof end, " of uid %u", (unsigned)uid);
    size_t size = label ? strlen(label) : 0;

    return size > (size_t)len && strcmp(label + size - len, end) == 0;
}

/* The owner is not shown where it is that of the parent. */
static bool shows_owner(const struct nstree_ns *ns, const char *label)
{
    return ns->parent && ns->owner_uid != NSTREE_UID_UNKNOWN &&
           ns->parent->owner_uid != NSTREE_UID_UNKNOWN && ns->owner_uid != ns->parent->owner_uid &&
           !names_owner(label, ns->owner_uid);
}

/* A name that stands in parentheses, which it cannot end. */
static void write_name_within(FILE *out, const struct look *look, const char *name)
{
    for (size_t len = strcspn(name, ")");; len = strcspn(name, ")")) {
        escape_write(out, name, len, look->utf8);
        name += len;
        if (!*name)
            return;
        put_text(out, "\\x29");
        name++;
    }
}

/* A uid, and the name of the user if that is known. */
static void write_uid(FILE *out, const struct look *look, uint32_t uid)
{
    const char *name = look->users ? users_name(look->users, uid) : NULL;

    describe_number(out, uid);
    if (name) {
        put_text(out, " (");
        write_name_within(out, look, name);
        put_char(out, ')');
    }
}

/* The name of an init is no label, whatever it says. */
static void write_init_name(FILE *out, const struct look *look, const char *name)
{
    put_text(out, " (");
    write_name_within(out, look, name);
    put_char(out, ')');
}

static void write_label(FILE *out, const struct look *look, const char *label)
{
    put_char(out, ' ');
    style_paint(out, look->color, PAINT_LABEL);
    escape_write(out, label, strlen(label), look->utf8);
    style_paint(out, look->color, PAINT_END);
}

bool describe_namespace(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    const char *label = describe_label(look, ns);
    const char *name = label ? label : ns->init ? ns->init->name : "";
    bool owner = shows_owner(ns, label);

    style_paint(out, look->color, ns->inode ? PAINT_NAMESPACE : PAINT_MARK);
    write_pid(out, ns);
    style_paint(out, look->color, PAINT_END);
    if (label && label[0])
        write_label(out, look, label);
    else if (!label && name[0])
        write_init_name(out, look, name);
    if (owner) {
        put_text(out, ", owned by uid ");
        write_uid(out, look, ns->owner_uid);
    }
    return name[0] || owner;
}

/* Lists the types that `ns` shares with `with`, after `before`. Returns what to write before the
 * next such list. */
static const char *write_shared(FILE *out, const struct nstree *tree, const struct nstree_ns *ns,
                                const struct nstree_ns *with, const char *before)
{
    const char *between = before;

    for (int type = 0; type < NSTREE_TYPES; type++) {
        if (nstree_shared(tree, ns, (enum nstree_type)type) != with)
            continue;
        put_text(out, between);
        put_text(out, nstree_type_name((enum nstree_type)type));
        between = ", ";
    }
    if (between == before)
        return before;
    put_text(out, with == ns ? " own" : " shared with ");
    if (with != ns)
        write_pid(out, with);
    return "; ";
}

/* Whether `ns` shares a type before this one with the same namespace. */
static bool is_listed(const struct nstree *tree, const struct nstree_ns *ns, int type)
{
    for (int earlier = 0; earlier < type; earlier++) {
        if (nstree_shared(tree, ns, (enum nstree_type)earlier) ==
            nstree_shared(tree, ns, (enum nstree_type)type))
            return true;
    }
    return false;
}

/* ` (known by: SIGNAL)`. */
static void write_evidence(FILE *out, const struct look *look, const char *evidence)
{
    put_text(out, " (known by: ");
    escape_write(out, evidence, strlen(evidence), look->utf8);
    put_char(out, ')');
}

/* What --verbose adds: ` (known by: SIGNAL) (mnt, … own; net, … shared with pid:[INODE])`. */
static void write_details(FILE *out, const struct look *look, const struct nstree *tree,
                          const struct nstree_ns *ns)
{
    const char *before = " (";

    if (describe_label(look, ns) && ns->evidence)
        write_evidence(out, look, ns->evidence);
    before = write_shared(out, tree, ns, ns, before);
    for (int type = 0; type < NSTREE_TYPES; type++) {
        const struct nstree_ns *with = nstree_shared(tree, ns, (enum nstree_type)type);

        if (with && with != ns && !is_listed(tree, ns, type))
            before = write_shared(out, tree, ns, with, before);
    }
    if (before[0] == ';')
        put_char(out, ')');
}

void describe_mark_begin(FILE *out, const struct look *look)
{
    put_char(out, ' ');
    style_paint(out, look->color, PAINT_MARK);
    put_char(out, '(');
}

void describe_mark_end(FILE *out, const struct look *look)
{
    put_char(out, ')');
    style_paint(out, look->color, PAINT_END);
}

void describe_mark(FILE *out, const struct look *look, const char *words)
{
    describe_mark_begin(out, look);
    put_text(out, words);
    describe_mark_end(out, look);
}

/* A mark, if there are words for it. */
static void write_mark(FILE *out, const struct look *look, const char *words)
{
    if (words)
        describe_mark(out, look, words);
}

const char *describe_process_doubt(const struct nstree_process *process)
{
    if (process->flags & NSTREE_PROCESS_AMBIGUOUS)
        return "inferred, one of several places";
    return process->flags & NSTREE_PROCESS_INFERRED ? "inferred" : NULL;
}

const struct nstree_container *describe_own_container(const struct look *look,
                                                      const struct nstree_process *process)
{
    return look->labels && process->container != process->ns->container ? process->container : NULL;
}

/* A container in a mark, after `before`; with --verbose also how it is known. */
static void mark_container(FILE *out, const struct look *look, const char *before,
                           const struct nstree_container *container)
{
    describe_mark_begin(out, look);
    put_text(out, before);
    escape_write(out, container->label, strlen(container->label), look->utf8);
    if (look->verbose) {
        put_text(out, ", known by: ");
        escape_write(out, container->evidence, strlen(container->evidence), look->utf8);
    }
    describe_mark_end(out, look);
}

bool describe_is_sharer(const struct look *look, const struct nstree_ns *ns,
                        const struct nstree_container *container)
{
    return look->labels && container->ns == ns && ns->container != container;
}

/* How many containers precede those of a namespace. They are in the order of the tree. */
static size_t containers_before(const struct nstree_container *all, size_t n,
                                const struct nstree_ns *ns)
{
    size_t low = 0;

    while (low < n) {
        size_t middle = low + (n - low) / 2;

        if (all[middle].ns && all[middle].ns < ns)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

const struct nstree_container *describe_next_sharer(const struct look *look,
                                                    const struct selection *selection,
                                                    const struct nstree_ns *ns,
                                                    const struct nstree_container *last)
{
    size_t n;
    const struct nstree_container *all = nstree_containers(selection->tree, &n);
    size_t at = last ? (size_t)(last - all) + 1 : containers_before(all, n, ns);

    for (; at < n && all[at].ns == ns; at++) {
        if (describe_is_sharer(look, ns, &all[at]) && selection_has_container(selection, &all[at]))
            return &all[at];
    }
    return NULL;
}

/* `before` and `N processes`. */
static void write_processes(FILE *out, const char *before, uint64_t n)
{
    put_text(out, before);
    describe_number(out, n);
    put_text(out, n == 1 ? " process" : " processes");
}

static void write_init(FILE *out, const char *before, const struct nstree_process *init)
{
    put_text(out, before);
    put_text(out, "init ");
    describe_number(out, init->pid);
}

void describe_sharer(FILE *out, const struct look *look, const struct nstree_container *container)
{
    style_paint(out, look->color, PAINT_LABEL);
    escape_write(out, container->label, strlen(container->label), look->utf8);
    style_paint(out, look->color, PAINT_END);
    if (container->total != NSTREE_TOTAL_UNKNOWN)
        write_processes(out, ", ", container->total);
    if (container->init)
        write_init(out, ", ", container->init);
    put_text(out, ", shares this namespace");
    if (look->verbose)
        write_evidence(out, look, container->evidence);
}

/* The parent of a process that entered from outside, which is in a namespace around its own; NULL
 * where it is outside the root or not in the tree. */
static const struct nstree_process *find_origin(const struct nstree *tree,
                                                const struct nstree_process *process)
{
    const struct nstree_process *parent =
        process->ppid ? nstree_find_process(tree, nstree_root(tree), process->ppid) : NULL;

    return parent && parent->levels < process->levels ? parent : NULL;
}

/* Says by whom a process entered, too. */
static void write_entered(FILE *out, const struct look *look, const struct nstree *tree,
                          const struct nstree_process *process)
{
    const struct nstree_process *parent = find_origin(tree, process);

    if (!parent) {
        describe_mark(out, look, "entered from outside");
        return;
    }
    describe_mark_begin(out, look);
    put_text(out, "entered from outside, by ");
    describe_number(out, parent->pid);
    put_char(out, ' ');
    write_name_within(out, look, parent->name);
    describe_mark_end(out, look);
}

void describe_process_marks(FILE *out, const struct look *look, const struct nstree *tree,
                            const struct nstree_process *process)
{
    const struct nstree_container *own = describe_own_container(look, process);

    if (own)
        mark_container(out, look, "", own);
    if (process->flags & NSTREE_PROCESS_LEADERLESS)
        describe_mark(out, look, "main thread exited");
    else if (process->state == 'Z')
        describe_mark(out, look, "zombie");
    if (process->flags & NSTREE_PROCESS_ENTERED)
        write_entered(out, look, tree, process);
    write_mark(out, look, describe_process_doubt(process));
}

/* How many keepers of a namespace are listed. */
#define KEEPERS_SHOWN 3

static void write_keeper(FILE *out, const struct look *look, const struct nstree_keeper *keeper)
{
    switch (keeper->how) {
    case NSTREE_KEEPER_FD:
        fprintf(out, "fd %u of ", keeper->fd);
        break;
    case NSTREE_KEEPER_MOUNT:
        put_text(out, "mount ");
        escape_write(out, keeper->path, strlen(keeper->path), look->utf8);
        put_text(out, " of ");
        break;
    case NSTREE_KEEPER_CHILDREN:
        put_text(out, "pid_for_children of ");
        break;
    case NSTREE_KEEPER_THREAD:
        fprintf(out, "pid_for_children of thread %u of ", keeper->tid);
        break;
    case NSTREE_KEEPER_UNSEEN:
        put_text(out, "what /proc does not show");
        return;
    }
    describe_number(out, keeper->pid);
    if (keeper->name && keeper->name[0]) {
        put_char(out, ' ');
        escape_write(out, keeper->name, strlen(keeper->name), look->utf8);
    }
}

static void write_keepers(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    describe_mark_begin(out, look);
    for (size_t i = 0; i < ns->n_keepers && i < KEEPERS_SHOWN; i++) {
        put_text(out, i == 0 ? "held by " : ", ");
        write_keeper(out, look, &ns->keepers[i]);
    }
    if (ns->n_keepers > KEEPERS_SHOWN)
        fprintf(out, " and %zu more", ns->n_keepers - KEEPERS_SHOWN);
    describe_mark_end(out, look);
}

const char *describe_namespace_doubt(const struct nstree_ns *ns)
{
    if (ns->flags & NSTREE_NS_AMBIGUOUS)
        return "parent inferred, one of several";
    return ns->flags & NSTREE_NS_INFERRED ? "parent inferred" : NULL;
}

/* Whether only processes whose place is not known stand for a namespace: it may be one whose init
 * is shown elsewhere. The root is known by its procfs. */
static bool is_made_up(const struct nstree_ns *ns)
{
    return ns->parent && !ns->init && ns->flags & NSTREE_NS_UNREADABLE;
}

/* The container that a namespace is in, where that is not the one of the namespace around. */
static const struct nstree_container *container_in(const struct look *look,
                                                   const struct nstree_ns *ns)
{
    bool own = ns->container && ns->container->ns == ns && describe_label(look, ns);

    if (!look->labels || own || !ns->parent || ns->container == ns->parent->container)
        return NULL;
    return ns->container;
}

void describe_namespace_marks(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    const struct nstree_container *in = container_in(look, ns);

    if (in)
        mark_container(out, look, "in ", in);
    if (ns->total == 0)
        describe_mark(out, look, "no members");
    else if (!ns->init)
        describe_mark(out, look, is_made_up(ns) ? "init not known" : "init not seen");
    write_mark(out, look, describe_namespace_doubt(ns));
    if (!ns->parent && ns->inode && ns->inode != NSTREE_INITIAL_INODE)
        describe_mark(out, look, "not the initial PID namespace: outer levels are hidden");
    if (ns->n_keepers > 0)
        write_keepers(out, look, ns);
}

void describe_inferred(FILE *out, const struct look *look, uint64_t n)
{
    if (n == 0)
        return;
    describe_mark_begin(out, look);
    describe_number(out, n);
    put_text(out, " inferred");
    describe_mark_end(out, look);
}

void describe_count(FILE *out, const struct look *look, const struct nstree_ns *ns,
                    const char *before)
{
    if (ns->total > 0 && ns->total != NSTREE_TOTAL_UNKNOWN) {
        write_processes(out, before, ns->total);
        describe_inferred(out, look, ns->inferred);
        before = ", ";
    }
    if (look->summary && ns->init)
        write_init(out, before, ns->init);
}

void describe_heading(FILE *out, const struct look *look, const struct nstree *tree,
                      const struct nstree_ns *ns, bool counted)
{
    bool named = describe_namespace(out, look, ns);

    if (counted)
        describe_count(out, look, ns, named ? ", " : " ");
    describe_namespace_marks(out, look, ns);
    if (look->verbose)
        write_details(out, look, tree, ns);
}

/* Most names are no longer than this: they are composed in one buffer with the chain. */
#define SHORT_NAME_BYTES 64

/* Puts a blank and a name at `at` in a buffer, or writes the buffer and the name and begins anew.
 * Returns where that ends. */
static char *add_name(FILE *out, const struct look *look, char *text, char *at, const char *name)
{
    size_t len = strlen(name);

    *at++ = ' ';
    if (len <= SHORT_NAME_BYTES && escape_is_plain(name, len))
        return mempcpy(at, name, len);
    put_bytes(out, text, (size_t)(at - text));
    escape_write(out, name, len, look->utf8);
    return text;
}

void describe_member(FILE *out, const struct look *look, const struct nstree *tree,
                     const struct nstree_process *process)
{
    char text[NUMBER_BYTES + SHORT_NAME_BYTES + CHAIN_BYTES + 4];
    char *at = compose_number(text, process->nspid[process->ns->level]);
    bool color = look->color && process->pid == look->self;

    style_paint(out, color, PAINT_SELF);
    if (!look->args)
        at = add_name(out, look, text, at, process->name);
    if (process->levels > 1) {
        *at++ = ' ';
        *at++ = '[';
        at = compose_chain(at, process, ' ');
        *at++ = ']';
    }
    put_bytes(out, text, (size_t)(at - text));
    style_paint(out, color, PAINT_END);
    if (process->flags || process->state == 'Z' || process->container != process->ns->container)
        describe_process_marks(out, look, tree, process);
}

/* Whether it is known that a process is not with the init of its PID namespace. */
static bool is_apart(const struct nstree_process *process, int type)
{
    const uint32_t *inits = process->ns->others, *own = process->others;

    return inits && own && inits[type] && own[type] && inits[type] != own[type];
}

const struct nstree_ns *describe_user(const struct nstree *tree,
                                      const struct nstree_process *process, enum nstree_type type)
{
    const struct nstree_ns *root = nstree_root(tree);

    for (size_t i = 0; i <= root->below && is_apart(process, (int)type); i++) {
        if (root[i].others && root[i].others[type] == process->others[type])
            return &root[i];
    }
    return NULL;
}

static void write_user(FILE *out, const struct look *look, const struct nstree_ns *ns)
{
    put_text(out, " of ");
    if (!ns) {
        put_text(out, "no known init");
        return;
    }
    write_pid(out, ns);
    if (describe_label(look, ns))
        write_label(out, look, describe_label(look, ns));
    else if (ns->init && ns->init->name[0])
        write_init_name(out, look, ns->init->name);
}

void describe_process_others(FILE *out, const struct look *look, const struct nstree *tree,
                             const struct nstree_process *process)
{
    const struct nstree_ns *users[NSTREE_TYPES] = {0};
    bool left[NSTREE_TYPES], any = false;

    for (int type = 0; type < NSTREE_TYPES; type++) {
        left[type] = is_apart(process, type);
        users[type] = describe_user(tree, process, (enum nstree_type)type);
    }
    for (int first = 0; first < NSTREE_TYPES; first++) {
        if (!left[first])
            continue;
        put_text(out, any ? "; " : " (");
        any = true;
        for (int type = first; type < NSTREE_TYPES; type++) {
            if (!left[type] || users[type] != users[first])
                continue;
            put_text(out, type > first ? ", " : "");
            put_text(out, nstree_type_name((enum nstree_type)type));
            left[type] = false;
        }
        write_user(out, look, users[first]);
    }
    if (any)
        put_char(out, ')');
}

void describe_tail(FILE *out, const struct look *look, const struct nstree_process *process)
{
    if (!look->args || !describe_raw_name(look, process)[0])
        return;
    put_char(out, ' ');
    describe_name(out, look, process);
}

void describe_threads(FILE *out, const struct look *look, const struct selection *selection,
                      const struct nstree_process *process)
{
    size_t n;
    const struct thread *threads = selection_threads(selection, process, &n);

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && threads[i].tid == threads[i - 1].tid)
            continue;
        describe_mark_begin(out, look);
        put_text(out, "thread ");
        describe_number(out, threads[i].tid);
        describe_mark_end(out, look);
    }
}

void describe_left_out(FILE *out, const struct nstree_ns *ns)
{
    write_processes(out, "(", ns->total != NSTREE_TOTAL_UNKNOWN ? ns->total : ns->n_members);
    put_char(out, ')');
}

void describe_kthreads(FILE *out, uint64_t n)
{
    put_char(out, '(');
    describe_number(out, n);
    put_text(out, n == 1 ? " kernel thread)" : " kernel threads)");
}
