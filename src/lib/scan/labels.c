/* SPDX-License-Identifier: MIT */
#include "scan/labels.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/parse.h"
#include "label/cgroup.h"
#include "label/names.h"
#include "scan/asking.h"
#include "scan/containers.h"

struct labelling {
    struct builder *builder;
    struct asking asking;
    struct witness inits[NSTREE_LEVELS_MAX]; /* by level: of the namespace met last */
    uint32_t open;                           /* how many of them may be in use */
    struct witness parent;                   /* the last one that is no init; siblings share it */
    struct witness second, peer, grandparent;
    struct map peers; /* of children of shims and conmons: the parent's PID to an index of drafts */
    bool peers_known;
};

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
        asking_witness(&labelling->asking, kept, &builder->drafts[index].process);
    }
    return kept;
}

/* Process 2 of a namespace, a child of the init. It speaks for WSL only, and for root only. */
static struct witness *find_second(struct labelling *labelling, const struct node *node)
{
    const struct builder *builder = labelling->builder;
    const struct draft *init = init_of(labelling, node);
    uint32_t n = (uint32_t)(node - builder->nodes);

    if (!labelling->asking.wsl || !init || init->process.uid != 0)
        return NULL;
    for (size_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];

        if (draft->node != n || own_pid(&draft->process) != 2 ||
            draft->process.ppid != init->process.pid)
            continue;
        asking_witness(&labelling->asking, &labelling->second, &draft->process);
        return &labelling->second;
    }
    return NULL;
}

/* The parent process of a parent process, which speaks for WSL only. */
static struct witness *find_grandparent(struct labelling *labelling, const struct witness *parent)
{
    const struct builder *builder = labelling->builder;

    if (!labelling->asking.wsl || !parent || parent->evidence.uid != 0)
        return NULL;
    uint32_t index = builder_find(builder, parent->evidence.pid);
    index = index == MAP_NONE ? MAP_NONE : builder_parent(builder, &builder->drafts[index]);
    if (index == MAP_NONE)
        return NULL;
    asking_witness(&labelling->asking, &labelling->grandparent, &builder->drafts[index].process);
    return &labelling->grandparent;
}

/* Without memory some are not found. */
static void find_peers(struct labelling *labelling)
{
    const struct builder *builder = labelling->builder;
    AUTO_MAP struct map keepers = {0}; /* PID to index */

    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct nstree_process *process = &builder->drafts[i].process;

        if (names_keeps_container(process->name) && map_put(&keepers, process->pid, i) != 0)
            return;
    }
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i];
        uint32_t pid = draft->process.ppid, parent = map_get(&keepers, pid);

        if (parent != MAP_NONE && !draft->parent_unsure &&
            builder->drafts[parent].node == draft->node && !set_has(&labelling->peers, pid) &&
            map_put(&labelling->peers, pid, i) != 0)
            return;
    }
}

/* Another child of the parent process of an init, in that process's own namespace: then the
 * container has none of its own, even where no notes of its engine say so. */
static struct witness *find_peer(struct labelling *labelling, const struct witness *parent)
{
    if (!parent || !names_keeps_container(parent->evidence.name))
        return NULL;
    if (!labelling->peers_known)
        find_peers(labelling);
    labelling->peers_known = true;
    uint32_t index = map_get(&labelling->peers, parent->evidence.pid);
    if (index == MAP_NONE)
        return NULL;
    asking_witness(&labelling->asking, &labelling->peer,
                   &labelling->builder->drafts[index].process);
    return &labelling->peer;
}

/* Tries one namespace. Returns whether something is known of it for sure. */
static bool try_namespace(struct labelling *labelling, const struct node *node, struct label *label)
{
    const struct nstree_process *process = &init_of(labelling, node)->process;
    struct witness *init = &labelling->inits[node->facts.level], *outer = init - 1;
    struct witness *parent = find_parent(labelling, node);
    struct witness *witnesses[WHO_COUNT] = {
        [WHO_INIT] = init,
        [WHO_PARENT] = parent,
        [WHO_OUTER] = outer->open ? outer : NULL,
        [WHO_SECOND] = find_second(labelling, node),
        [WHO_PEER] = find_peer(labelling, parent),
        [WHO_GRANDPARENT] = find_grandparent(labelling, parent),
    };
    uint32_t user_ns = node->facts.user_ns, root = labelling->builder->nodes[0].facts.user_ns;
    struct trial trial = {
        .outer_pid = process->nspid[node->facts.level - 1],
        .nested_user_ns = !user_ns || !root || user_ns != root,
    };

    asking_judge(&labelling->asking, &trial, witnesses, label);
    witness_close(&labelling->second);
    witness_close(&labelling->peer);
    witness_close(&labelling->grandparent);
    return label->kind && witness_is(init, process) && (!parent || witness_has_uid(parent));
}

/* The distribution in which the caller's session began, if it is the one of this procfs: its own
 * processes tell that one, and what is recorded is another machine's. */
static struct text own_distribution(const struct labelling *labelling)
{
    const struct asking *asking = &labelling->asking;
    const char *name = asking->wsl && asking->fs->live ? getenv("WSL_DISTRO_NAME") : NULL;
    uint32_t root = key_inode(labelling->builder->nodes[0].facts.ns), own;
    char link[64];
    ssize_t len = name ? readlinkat(asking->fs->fd, "self/ns/pid", link, sizeof link) : -1;

    if (len < 0 || parse_link(link, (size_t)len, "pid", &own) != 0 || own != root)
        return (struct text){0};
    return text_of(name);
}

static void try_root(struct labelling *labelling, const struct node *root, const char *host,
                     struct label *label)
{
    struct witness *init = &labelling->inits[0];
    struct witness *witnesses[WHO_COUNT] = {
        [WHO_INIT] = init->open ? init : NULL,
        [WHO_SECOND] = find_second(labelling, root),
    };
    struct trial trial = {
        .root = key_inode(root->facts.ns),
        .host = host,
        .distribution = own_distribution(labelling),
    };

    asking_judge(&labelling->asking, &trial, witnesses, label);
    witness_close(&labelling->second);
}

/* Whether the caller has another name for the machine than the init of the root. */
static bool is_renamed(const struct labelling *labelling, const struct node *root)
{
    char own[64] = "", its[64] = "";
    ssize_t own_len = -1, its_len = -1;
    AUTO_LOAN struct loan loan = borrowed_lend(&labelling->asking.fs->borrowed);

    if (labelling->asking.fs->live && root->init != MAP_NONE) {
        own_len = readlinkat(labelling->asking.fs->fd, "self/ns/uts", own, sizeof own);
        its_len = readlinkat(labelling->asking.fs->fd, "1/ns/uts", its, sizeof its);
    }
    if (own_len > 0 && its_len < 0 && root->facts.ns == NSTREE_INITIAL_INODE)
        its_len =
            readlinkat(labelling->asking.fs->fd, "2/ns/uts", its, sizeof its); /* of kthreadd */
    return own_len > 0 && its_len > 0 &&
           (own_len != its_len || memcmp(own, its, (size_t)own_len) != 0);
}

/* The caller's own name for the machine counts only if the root's init has the same. */
static void name_root(struct labelling *labelling, const struct node *root, struct label *label)
{
    const char *host = is_renamed(labelling, root) ? "" : labelling->builder->info.host;

    try_root(labelling, root, host, label);
}

/* What the cgroup of the init said, if that was read. */
static uint64_t init_identity(const struct labelling *labelling, const struct node *node)
{
    const struct evidence *init = &labelling->inits[node->facts.level].evidence;
    struct cgroup cgroup = cgroup_deepest(init->facts[FACT_CGROUP]);

    return cgroup_identity(&cgroup);
}

/* Keeps the container that a namespace was made for. */
static int keep_container(struct labelling *labelling, struct node *node, const struct label *label)
{
    struct builder *builder = labelling->builder;
    struct container_draft container = {
        .ns = node->facts.ns,
        .init = init_of(labelling, node)->process.pid,
        .cgroup = init_identity(labelling, node),
    };

    asking_describe(label, &container.facts);
    int rc = builder_add_container(builder, &container);
    if (rc == 0)
        node->facts.container = (uint32_t)builder->n_containers;
    return rc;
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
    if (!node->facts.label)
        return -ENOMEM;
    return label.container ? keep_container(labelling, node, &label) : 0;
}

/* The first thread of the kernel has the namespaces that the machine began with: it can be looked
 * at where the init may not be. */
static uint32_t initial_namespace(struct labelling *labelling, const char *type)
{
    struct witness thread;

    witness_open(&thread, labelling->asking.fs, "", 2, 0);
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

/* Looks at one namespace; those around it were looked at before. */
static int look(struct labelling *labelling, struct node *node, uint32_t want)
{
    uint32_t level = node->facts.level;
    const struct draft *init = init_of(labelling, node);
    int rc = 0;

    close_inits(labelling, level);
    labelling->open = level + 1;
    if (init) {
        asking_witness(&labelling->asking, &labelling->inits[level], &init->process);
        witness_set_mnt_ns(&labelling->inits[level], init->mnt_ns);
    }
    if (want & NSTREE_WANT_LABELS)
        rc = label_namespace(labelling, node);
    return rc == 0 && want & NSTREE_WANT_OTHERS ? note_others(labelling, node) : rc;
}

bool labels_is_wsl(const char *release)
{
    return strcasestr(release, "microsoft") || strcasestr(release, "WSL2");
}

/* Notes the other namespaces of a process that was asked for, if it is still the same. */
static int note_process(struct labelling *labelling, uint32_t pid)
{
    struct builder *builder = labelling->builder;
    uint32_t index = builder_find(builder, pid), inodes[NSTREE_TYPES];
    struct witness witness;

    if (index == MAP_NONE)
        return 0;
    asking_witness(&labelling->asking, &witness, &builder->drafts[index].process);
    for (uint32_t type = 0; type < NSTREE_TYPES; type++)
        inodes[type] = witness_namespace(&witness, nstree_type_name((enum nstree_type)type));
    bool same = witness_is(&witness, &builder->drafts[index].process);
    witness_close(&witness);
    if (!same)
        return 0;
    uint32_t *others = arena_alloc(&builder->arena, sizeof inodes);
    if (!others)
        return -ENOMEM;
    memcpy(others, inodes, sizeof inodes);
    builder->drafts[index].process.others = others;
    return 0;
}

int scan_labels(struct scanner *scanner)
{
    struct builder *builder = scanner->builder;
    AUTO_LOAN struct loan loan = borrowed_withhold(&scanner->fs->borrowed);
    struct labelling labelling = {.builder = builder, .asking.fs = scanner->fs};
    int rc = 0;

    if (!(scanner->want & (NSTREE_WANT_LABELS | NSTREE_WANT_OTHERS)))
        return 0;
    asking_begin(&labelling.asking);
    labelling.asking.wsl = labels_is_wsl(builder->info.kernel);
    for (size_t i = 0; i < builder->n_order && rc == 0; i++)
        rc = look(&labelling, &builder->nodes[builder->order[i]], scanner->want);
    for (size_t i = 0; i < scanner->n_others_of && rc == 0; i++)
        rc = scanner->want & NSTREE_WANT_OTHERS ? note_process(&labelling, scanner->others_of[i])
                                                : 0;
    close_inits(&labelling, 0);
    witness_close(&labelling.parent);
    if (rc == 0 && scanner->want & NSTREE_WANT_LABELS)
        rc = scan_containers(scanner, &labelling.asking);
    map_free(&labelling.peers);
    asking_end(&labelling.asking);
    return rc;
}
