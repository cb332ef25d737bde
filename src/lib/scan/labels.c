/* SPDX-License-Identifier: MIT */
#include "scan/labels.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "label/judge.h"
#include "label/names.h"
#include "label/notes.h"
#include "label/witness.h"

/* A list of containers, which is asked for each of them. */
struct list {
    char place[500]; /* where it was read; empty: it was not */
    struct text text;
    char *buffer; /* of it */
};

struct labelling {
    struct builder *builder;
    const struct procfs *fs;
    bool wsl;
    char user_ns[64];                        /* the link of the caller */
    struct witness inits[NSTREE_LEVELS_MAX]; /* by level: of the namespace met last */
    uint32_t open;                           /* how many of them may be in use */
    struct witness parent;                   /* the last one that is no init; siblings share it */
    struct witness second, peer;
    struct map peers; /* of children of shims and conmons: the parent's PID to an index of drafts */
    bool peers_known;
    struct notes notes;
    struct list list; /* the first one */
};

static void begin_witness(struct labelling *labelling, struct witness *witness,
                          const struct draft *draft)
{
    const struct nstree_process *process = &draft->process;

    witness_open(witness, labelling->fs, process->name, process->pid, process->uid);
}

static const struct draft *init_of(const struct labelling *labelling, const struct node *node)
{
    return node->init == MAP_NONE ? NULL : &labelling->builder->drafts[node->init];
}

/* The parent process of an init: heard only if it is a member of the namespace around. (One that is
 * further out has put the init there from outside: it says nothing for sure.) */
static struct witness *find_parent(struct labelling *labelling, const struct node *node)
{
    const struct builder *builder = labelling->builder;
    struct witness *outer = &labelling->inits[node->facts.level - 1], *kept = &labelling->parent;
    uint32_t index = builder_find(builder, init_of(labelling, node)->process.ppid);

    if (index == MAP_NONE || builder->drafts[index].node != node->parent)
        return NULL;
    uint32_t pid = builder->drafts[index].process.pid;
    if (outer->open && outer->evidence.pid == pid)
        return outer;
    if (!kept->open || kept->evidence.pid != pid) {
        witness_close(kept);
        begin_witness(labelling, kept, &builder->drafts[index]);
    }
    return kept;
}

/* Process 2 of a namespace, which speaks for WSL only. */
static struct witness *find_second(struct labelling *labelling, const struct node *node)
{
    const struct builder *builder = labelling->builder;
    uint32_t n = (uint32_t)(node - builder->nodes);

    for (size_t i = 0; labelling->wsl && i < builder->n_drafts; i++) {
        if (builder->drafts[i].node != n || own_pid(&builder->drafts[i].process) != 2)
            continue;
        begin_witness(labelling, &labelling->second, &builder->drafts[i]);
        return &labelling->second;
    }
    return NULL;
}

/* Without memory some are not found. */
static void find_peers(struct labelling *labelling)
{
    const struct builder *builder = labelling->builder;

    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];
        uint32_t parent = builder_parent(builder, draft), pid = draft->process.ppid;

        if (parent != MAP_NONE && builder->drafts[parent].node == draft->node &&
            names_keeps_container(builder->drafts[parent].process.name) &&
            !set_has(&labelling->peers, pid) && map_put(&labelling->peers, pid, i) != 0)
            return;
    }
}

/* Another child of the parent process of an init, in that process's own namespace. Root can read
 * the notes of engines, which say more. */
static struct witness *find_peer(struct labelling *labelling, const struct witness *parent,
                                 uint32_t caller)
{
    if (caller == 0 || !parent || !names_keeps_container(parent->evidence.name))
        return NULL;
    if (!labelling->peers_known)
        find_peers(labelling);
    labelling->peers_known = true;
    uint32_t index = map_get(&labelling->peers, parent->evidence.pid);
    if (index == MAP_NONE)
        return NULL;
    begin_witness(labelling, &labelling->peer, &labelling->builder->drafts[index]);
    return &labelling->peer;
}

/* Reads a file. Processes of one user in one mount namespace find the same list: it is read once,
 * because the number of bytes to read would grow with the square of the number of containers. */
static struct text read_file(struct list *list, struct witness *witness, const char *path,
                             char **buffer, bool *readable)
{
    struct text mnt = witness->evidence.facts[FACT_MNT_NS];
    char place[sizeof list->place];

    *readable = true;
    if (!mnt.at || !text_ends(text_of(path), "/containers.json"))
        return witness_file(witness, path, buffer, readable);
    snprintf(place, sizeof place, "%u %.*s %s", (unsigned)witness->evidence.uid, (int)mnt.len,
             mnt.at, path);
    if (strcmp(place, list->place) == 0)
        return list->text;
    struct text text = witness_file(witness, path, buffer, readable);
    if (text.at && !list->buffer) {
        *list = (struct list){.text = text, .buffer = *buffer};
        *buffer = NULL;
        strcpy(list->place, place);
    }
    return text;
}

static void answer(struct labelling *labelling, struct trial *trial,
                   struct witness *const *witnesses, char **buffers)
{
    struct witness *witness = witnesses[trial->request.who];
    bool readable;

    if (trial->request.fact == FACT_FILE) {
        struct text text = read_file(&labelling->list, witness, trial->request.path,
                                     &buffers[trial->n_files], &readable);
        trial_answer(trial, text, readable);
    } else {
        trial_answer(trial, witness_fact(witness, trial->request.fact), true);
    }
}

/* Tries one namespace. Returns whether something is known of it for sure. */
static bool try_namespace(struct labelling *labelling, const struct node *node, struct label *label)
{
    const struct nstree_process *process = &init_of(labelling, node)->process;
    struct witness *init = &labelling->inits[node->facts.level], *outer = init - 1;
    struct witness *parent = find_parent(labelling, node);
    uint32_t caller = labelling->fs->live ? getuid() : 0;
    struct witness *witnesses[WHO_COUNT] = {
        [WHO_INIT] = init,
        [WHO_PARENT] = parent,
        [WHO_OUTER] = outer->open ? outer : NULL,
        [WHO_SECOND] = find_second(labelling, node),
        [WHO_PEER] = find_peer(labelling, parent, caller),
    };
    uint32_t user_ns = node->facts.user_ns, root = labelling->builder->nodes[0].facts.user_ns;
    struct trial trial = {
        .outer_pid = process->nspid[node->facts.level - 1],
        .wsl = labelling->wsl,
        .notes = &labelling->notes,
        .borrowed = labelling->fs->borrowed.effective != 0,
        .caller = caller,
        .user_ns = {labelling->user_ns[0] ? labelling->user_ns : NULL, strlen(labelling->user_ns)},
        .nested_user_ns = !user_ns || !root || user_ns != root,
    };
    char *buffers[TRIAL_FILES_MAX] = {0};

    for (size_t i = 0; i < WHO_COUNT; i++)
        trial.evidence[i] = witnesses[i] ? &witnesses[i]->evidence : NULL;
    while (!judge_namespace(&trial, label))
        answer(labelling, &trial, witnesses, buffers);
    for (size_t i = 0; i < TRIAL_FILES_MAX; i++)
        free(buffers[i]);
    witness_close(&labelling->second);
    witness_close(&labelling->peer);
    return label->kind && witness_is(init, process) && (!parent || witness_has_uid(parent));
}

/* The caller's own name for the machine counts only if the root's init has the same. */
static void name_root(struct labelling *labelling, const struct node *root, struct label *label)
{
    char own[64] = "", its[64] = "";
    ssize_t own_len = -1, its_len = -1;
    AUTO_LOAN struct loan loan = borrowed_lend(&labelling->fs->borrowed);

    if (labelling->fs->live && root->init != MAP_NONE) {
        own_len = readlinkat(labelling->fs->fd, "self/ns/uts", own, sizeof own);
        its_len = readlinkat(labelling->fs->fd, "1/ns/uts", its, sizeof its);
    }
    if (own_len > 0 && its_len < 0 && root->facts.ns == NSTREE_INITIAL_INODE)
        its_len = readlinkat(labelling->fs->fd, "2/ns/uts", its, sizeof its); /* of kthreadd */
    bool differs = own_len > 0 && its_len > 0 &&
                   (own_len != its_len || memcmp(own, its, (size_t)own_len) != 0);
    judge_root(key_inode(root->facts.ns), labelling->wsl,
               differs ? "" : labelling->builder->info.host, label);
}

static int label_namespace(struct labelling *labelling, struct node *node)
{
    struct label label = {0};

    if (node->facts.level > 0) {
        if (node->init == MAP_NONE || !try_namespace(labelling, node, &label))
            return 0;
    } else if (key_inode(node->facts.ns)) {
        name_root(labelling, node, &label);
    } else {
        return 0;
    }
    node->facts.kind = label.kind;
    node->facts.evidence = label.evidence;
    node->facts.label = arena_string(&labelling->builder->arena, label.text, strlen(label.text));
    return node->facts.label ? 0 : -ENOMEM;
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

/* Notes the other namespaces of an init. */
static int note_others(struct labelling *labelling, struct node *node)
{
    struct witness *init = &labelling->inits[node->facts.level];
    uint32_t *others = arena_alloc(&labelling->builder->arena, NSTREE_TYPES * sizeof *others);

    if (!others)
        return -ENOMEM;
    for (uint32_t type = 0; type < NSTREE_TYPES; type++) {
        const char *name = nstree_type_name((enum nstree_type)type);

        others[type] = init->open ? witness_namespace(init, name) : 0;
        if (others[type] == 0 && node->facts.level == 0 && node->facts.ns == NSTREE_INITIAL_INODE)
            others[type] = initial_namespace(labelling, name);
    }
    node->facts.others = others;
    return 0;
}

/* Ends the witnesses of this level and of those below. */
static void close_inits(struct labelling *labelling, uint32_t level)
{
    for (uint32_t open = labelling->open; open > level; open--)
        witness_close(&labelling->inits[open - 1]);
    labelling->open = labelling->open < level ? labelling->open : level;
}

/* The caller is in the initial user namespace as far as a recorded tree can say. */
static void read_own_user_ns(struct labelling *labelling)
{
    char *out = labelling->user_ns;
    size_t size = sizeof labelling->user_ns;
    ssize_t len = snprintf(out, size, "user:[%u]", USER_INITIAL_INODE);

    if (labelling->fs->live)
        len = readlinkat(labelling->fs->fd, "self/ns/user", out, size - 1);
    out[len > 0 ? len : 0] = '\0';
}

/* Looks at one namespace; those around it were looked at before. */
static int look(struct labelling *labelling, struct node *node, uint32_t want)
{
    uint32_t level = node->facts.level;
    const struct draft *init = init_of(labelling, node);
    int rc = 0;

    close_inits(labelling, level);
    labelling->open = level + 1;
    if (init) {
        begin_witness(labelling, &labelling->inits[level], init);
        witness_set_mnt_ns(&labelling->inits[level], init->mnt_ns);
    }
    if (want & NSTREE_WANT_LABELS)
        rc = label_namespace(labelling, node);
    return rc == 0 && want & NSTREE_WANT_OTHERS ? note_others(labelling, node) : rc;
}

int scan_labels(struct scanner *scanner)
{
    struct builder *builder = scanner->builder;
    AUTO_LOAN struct loan loan = borrowed_withhold(&scanner->fs->borrowed);
    struct labelling labelling = {.builder = builder, .fs = scanner->fs};
    int rc = 0;

    if (!(scanner->want & (NSTREE_WANT_LABELS | NSTREE_WANT_OTHERS)))
        return 0;
    read_own_user_ns(&labelling);
    labelling.wsl = strcasestr(builder->info.kernel, "microsoft") != NULL;
    for (size_t i = 0; i < builder->n_order && rc == 0; i++)
        rc = look(&labelling, &builder->nodes[builder->order[i]], scanner->want);
    close_inits(&labelling, 0);
    witness_close(&labelling.parent);
    map_free(&labelling.peers);
    notes_free(&labelling.notes);
    free(labelling.list.buffer);
    return rc;
}
