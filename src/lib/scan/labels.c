/* SPDX-License-Identifier: MIT */
/*
 * What each namespace is: hands label.c the evidence that it asks for. Only inits and their parents
 * are looked at. Namespaces stand in the order of the tree, so those around one are the ones met
 * last at each level above, and what was read of their inits is still there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "label/judge.h"
#include "label/notes.h"
#include "label/witness.h"
#include "model/shared.h"
#include "scan/scan.h"

struct labelling {
    struct nstree *tree;
    const struct procfs *fs;
    bool wsl;
    char user_ns[64];                        /* the link of who looks */
    struct witness inits[NSTREE_LEVELS_MAX]; /* by level: of the namespace met last */
    uint32_t open;                           /* how many of them may be in use */
    struct witness parent;                   /* the last one that is no init; siblings share it */
    struct witness second;
    struct notes notes;
};

static void stand(struct labelling *labelling, struct witness *witness,
                  const struct nstree_process *process)
{
    witness_open(witness, labelling->fs, process->name, process->pid, process->uid);
}

/* The parent process of an init: heard only if it is a member of the namespace around. (One that is
 * further out has put the init there from outside: it says nothing for sure.) */
static struct witness *find_parent(struct labelling *labelling, const struct nstree_ns *ns)
{
    const struct nstree_ns *root = nstree_root(labelling->tree);
    const struct nstree_process *parent =
        ns->init->ppid ? nstree_find_process(labelling->tree, root, ns->init->ppid) : NULL;
    struct witness *outer = &labelling->inits[ns->level - 1], *kept = &labelling->parent;

    if (!parent || parent->ns != ns->parent)
        return NULL;
    if (outer->open && outer->evidence.pid == parent->pid)
        return outer;
    if (!kept->open || kept->evidence.pid != parent->pid) {
        witness_close(kept);
        stand(labelling, kept, parent);
    }
    return kept;
}

static struct witness *find_second(struct labelling *labelling, const struct nstree_ns *ns)
{
    const struct nstree_process *second = ns->n_members > 1 ? &ns->members[1] : NULL;

    if (!labelling->wsl || !second || second->nspid[ns->level] != 2)
        return NULL;
    stand(labelling, &labelling->second, second);
    return &labelling->second;
}

static void answer(struct trial *trial, struct witness *const *witnesses, char **buffers)
{
    struct witness *witness = witnesses[trial->request.who];
    bool readable;

    if (trial->request.fact == FACT_FILE) {
        struct text text =
            witness_file(witness, trial->request.path, &buffers[trial->n_files], &readable);
        label_answer(trial, text, readable);
    } else {
        label_answer(trial, witness_fact(witness, trial->request.fact), true);
    }
}

/* Tries one namespace. Returns whether something is known of it for sure. */
static bool try_namespace(struct labelling *labelling, const struct nstree_ns *ns,
                          struct label *label)
{
    struct witness *init = &labelling->inits[ns->level], *outer = init - 1;
    struct witness *witnesses[WHO_COUNT] = {
        [WHO_INIT] = init,
        [WHO_PARENT] = find_parent(labelling, ns),
        [WHO_OUTER] = outer->open ? outer : NULL,
        [WHO_SECOND] = find_second(labelling, ns),
    };
    uint32_t root_user_ns = nstree_root(labelling->tree)->user_ns;
    struct trial trial = {
        .number = ns->init->nspid[ns->level - 1],
        .wsl = labelling->wsl,
        .notes = &labelling->notes,
        .borrowed = labelling->fs->borrowed.effective != 0,
        .caller = labelling->fs->live ? getuid() : 0,
        .user_ns = {labelling->user_ns[0] ? labelling->user_ns : NULL, strlen(labelling->user_ns)},
        .nested_user_ns = !ns->user_ns || !root_user_ns || ns->user_ns != root_user_ns,
    };
    char *buffers[LABEL_FILES_MAX] = {0};

    for (size_t i = 0; i < WHO_COUNT; i++)
        trial.who[i] = witnesses[i] ? &witnesses[i]->evidence : NULL;
    while (!label_judge(&trial, label))
        answer(&trial, witnesses, buffers);
    for (size_t i = 0; i < LABEL_FILES_MAX; i++)
        free(buffers[i]);
    witness_close(&labelling->second);
    struct witness *parent = witnesses[WHO_PARENT];
    return label->kind && witness_is(init, ns->init) && (!parent || witness_has_uid(parent));
}

/* The caller's own name for the machine counts only if the root's init has the same. */
static void name_root(struct labelling *labelling, struct label *label)
{
    const struct nstree_ns *root = nstree_root(labelling->tree);
    const char *host = nstree_info(labelling->tree)->host;
    char own[64] = "", its[64] = "";
    ssize_t own_len = -1, its_len = -1;
    AUTO_LOAN struct loan loan = borrowed_lend(&labelling->fs->borrowed);

    if (labelling->fs->live && root->init) {
        own_len = readlinkat(labelling->fs->fd, "self/ns/uts", own, sizeof own);
        its_len = readlinkat(labelling->fs->fd, "1/ns/uts", its, sizeof its);
    }
    if (own_len > 0 && its_len < 0 && root->inode == NSTREE_INITIAL_INODE)
        its_len = readlinkat(labelling->fs->fd, "2/ns/uts", its, sizeof its); /* of kthreadd */
    bool differs = own_len > 0 && its_len > 0 &&
                   (own_len != its_len || memcmp(own, its, (size_t)own_len) != 0);
    label_root(root->inode, labelling->wsl, differs ? "" : host, label);
}

static int label_namespace(struct labelling *labelling, struct nstree_ns *ns)
{
    struct label label = {0};

    if (ns->level > 0) {
        if (!ns->init || !try_namespace(labelling, ns, &label))
            return 0;
    } else if (ns->inode) {
        name_root(labelling, &label);
    } else {
        return 0;
    }
    ns->kind = label.kind;
    ns->evidence = label.evidence;
    ns->label = arena_string(&labelling->tree->arena, label.text, strlen(label.text));
    return ns->label ? 0 : -ENOMEM;
}

/* The first thread of the kernel has the namespaces that the machine began with: it can be looked
 * at where the init may not be. */
static uint32_t initial_namespace(struct labelling *labelling, const char *type)
{
    struct witness thread;

    witness_open(&thread, labelling->fs, "", 2, 0);
    uint32_t inode = witness_namespace(&thread, type);
    witness_close(&thread);
    return inode;
}

static int note_others(struct labelling *labelling, struct nstree_ns *ns)
{
    struct witness *init = &labelling->inits[ns->level];
    uint32_t *others = arena_alloc(&labelling->tree->arena, NSTREE_TYPES * sizeof *others);

    if (!others)
        return -ENOMEM;
    memset(others, 0, NSTREE_TYPES * sizeof *others);
    for (uint32_t type = 0; type < NSTREE_TYPES; type++) {
        const char *name = nstree_type_name((enum nstree_type)type);

        others[type] = init->open ? witness_namespace(init, name) : 0;
        if (others[type] == 0 && ns->inode == NSTREE_INITIAL_INODE && !ns->parent)
            others[type] = initial_namespace(labelling, name);
    }
    ns->others = others;
    return 0;
}

/* Ends the witnesses of this level and of those below. */
static void close_inits(struct labelling *labelling, uint32_t level)
{
    for (uint32_t open = labelling->open; open > level; open--)
        witness_close(&labelling->inits[open - 1]);
    labelling->open = labelling->open < level ? labelling->open : level;
}

/* Who looks is in the initial user namespace for all that a recorded tree tells. */
static void read_own_user_ns(struct labelling *labelling)
{
    char *out = labelling->user_ns;
    size_t size = sizeof labelling->user_ns;
    ssize_t len = snprintf(out, size, "user:[4026531837]"); /* PROC_USER_INIT_INO */

    if (labelling->fs->live)
        len = readlinkat(labelling->fs->fd, "self/ns/user", out, size - 1);
    out[len > 0 ? len : 0] = '\0';
}

int scan_labels(struct nstree *tree, const struct procfs *fs, uint32_t want)
{
    AUTO_LOAN struct loan loan = borrowed_withhold(&fs->borrowed);
    struct labelling labelling = {.tree = tree, .fs = fs};
    size_t n = tree->namespaces->below + 1;
    int rc = 0;

    if (!(want & (NSTREE_WANT_LABELS | NSTREE_WANT_OTHERS)))
        return 0;
    read_own_user_ns(&labelling);
    labelling.wsl = strcasestr(tree->info.kernel, "microsoft") != NULL;
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct nstree_ns *ns = &tree->namespaces[i];

        close_inits(&labelling, ns->level);
        labelling.open = ns->level + 1;
        if (ns->init) {
            stand(&labelling, &labelling.inits[ns->level], ns->init);
            witness_tell_mnt_ns(&labelling.inits[ns->level], tree->mnt_ns[i]);
        }
        if (want & NSTREE_WANT_LABELS)
            rc = label_namespace(&labelling, ns);
        if (rc == 0 && want & NSTREE_WANT_OTHERS)
            rc = note_others(&labelling, ns);
    }
    close_inits(&labelling, 0);
    witness_close(&labelling.parent);
    notes_free(&labelling.notes);
    return rc == 0 && want & NSTREE_WANT_OTHERS ? others_link(tree) : rc;
}
