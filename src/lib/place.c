/* SPDX-License-Identifier: MIT */
/*
 * Which namespace each process is in, and which namespace is the parent of which.
 *
 * Where the kernel told (the inode of the process, the parent of the namespace) that counts. What
 * it did not tell follows from one fact (pid_namespaces(7), copy_pid_ns() in
 * kernel/pid_namespace.c): a process enters PID namespaces only downwards, through its children. So
 * the namespace of a process's parent is the same as its own or an ancestor of it, and with the
 * lengths of both NSpid chains:
 *   - as long: the same namespace, exactly;
 *   - one shorter, and the process is PID 1 of its own: its namespace is a child of the parent's,
 *     exactly. (One shorter alone also gives the parent namespace exactly, but not which child.)
 *   - otherwise: it is somewhere below the parent's. A number occurs once in a namespace, which
 * rules some places out; an equal cgroup speaks for one. The result is marked as inferred.
 */
#include "place.h"

#include <errno.h>

#include "rank.h"

struct placing {
    struct nstree *tree;
    uint32_t *class_of; /* by draft: union-find parent; a class is in one namespace */
    struct ranks ranks; /* filled on demand */
    bool denied;        /* some inodes could not be read */
};

static struct draft *parent_draft(const struct nstree *tree, const struct draft *draft)
{
    uint32_t index = draft->process.ppid ? tree_draft(tree, draft->process.ppid) : MAP_NONE;

    return index == MAP_NONE ? NULL : &tree->drafts[index];
}

static bool is_init(const struct draft *draft)
{
    return own_number(&draft->process) == 1;
}

/* The node `key` at `level`, made if it is new. Made-up keys can only meet one of another level
 * where a recording lies; then a number that no source uses is put in front. */
static uint32_t made_up(struct nstree *tree, uint64_t key, uint32_t level)
{
    uint32_t n = tree_node(tree, key, level);

    while (n != MAP_NONE && tree->nodes[n].facts.level != level) {
        key += UINT64_C(1) << 40;
        n = tree_node(tree, key, level);
    }
    return n;
}

/* Gives the nodes that a source told of the parents that it told of. A namespace at level 1 has the
 * root for a parent, whatever was told. */
static int link_told(struct nstree *tree)
{
    for (uint32_t n = 1; n < tree->n_nodes; n++) { /* n_nodes grows as parents are met first here */
        struct ns_record facts = tree->nodes[n].facts;
        uint32_t parent = 0;

        if (facts.level > 1) {
            if (facts.parent == KEY_UNKNOWN)
                continue;
            parent = tree_node(tree, facts.parent, facts.level - 1);
            if (parent == MAP_NONE)
                return -ENOMEM;
        }
        if (tree->nodes[parent].facts.level + 1 == facts.level)
            tree->nodes[n].parent = parent;
    }
    return 0;
}

/* Places the members of the root, and those whose inode is known. Two processes in one namespace at
 * two levels cannot be: then the one that was met later is as good as unread. */
static int place_known(struct nstree *tree, size_t *unplaced)
{
    *unplaced = 0;
    for (size_t i = 0; i < tree->n_drafts; i++) {
        struct draft *draft = &tree->drafts[i];
        uint32_t level = draft->process.levels - 1U;

        if (level == 0) {
            draft->node = 0;
        } else if (draft->key != KEY_UNKNOWN) {
            uint32_t node = tree_node(tree, draft->key, level);

            if (node == MAP_NONE)
                return -ENOMEM;
            if (tree->nodes[node].facts.level == level)
                draft->node = node;
        }
        *unplaced += draft->node == MAP_NONE;
    }
    return 0;
}

static uint32_t class_of(uint32_t *classes, uint32_t i)
{
    while (classes[i] != i) {
        classes[i] = classes[classes[i]];
        i = classes[i];
    }
    return i;
}

/* Joins processes with their parents of the same level, then gives each class what namespace is
 * known of any of it, or, where an init is in it, a node of its own. */
static int place_classes(struct placing *placing)
{
    struct nstree *tree = placing->tree;
    uint32_t *classes = placing->class_of;

    for (uint32_t i = 0; i < tree->n_drafts; i++)
        classes[i] = i;
    for (uint32_t i = 0; i < tree->n_drafts; i++) {
        const struct draft *draft = &tree->drafts[i], *parent = parent_draft(tree, draft);

        if (parent && parent->process.levels == draft->process.levels)
            classes[class_of(classes, i)] = class_of(classes, (uint32_t)(parent - tree->drafts));
    }
    for (uint32_t i = 0; i < tree->n_drafts; i++) {
        struct draft *first = &tree->drafts[class_of(classes, i)];

        if (first->node == MAP_NONE)
            first->node = tree->drafts[i].node;
    }
    for (uint32_t i = 0; i < tree->n_drafts; i++) {
        struct draft *draft = &tree->drafts[i], *first = &tree->drafts[class_of(classes, i)];

        if (first->node == MAP_NONE && is_init(draft)) {
            first->node =
                made_up(tree, key_of_init(draft->process.pid), draft->process.levels - 1U);
            if (first->node == MAP_NONE)
                return -ENOMEM;
        }
    }
    return 0;
}

/* Gives every process of a placed class the class's namespace. Returns how many are unplaced. */
static size_t spread_classes(struct placing *placing)
{
    struct nstree *tree = placing->tree;
    size_t unplaced = 0;

    for (uint32_t i = 0; i < tree->n_drafts; i++) {
        const struct draft *first = &tree->drafts[class_of(placing->class_of, i)];

        if (tree->drafts[i].node == MAP_NONE) {
            tree->drafts[i].node = first->node;
            tree->drafts[i].process.flags |=
                first->process.flags & (NSTREE_PROCESS_INFERRED | NSTREE_PROCESS_AMBIGUOUS);
            unplaced += first->node == MAP_NONE;
        }
    }
    return unplaced;
}

/* The node at `level` below `above` for `draft`, which is made up, with what is missing in between,
 * where no known one can be it. */
static uint32_t find_or_make(struct placing *placing, const struct draft *draft, uint32_t level,
                             uint32_t above, bool *several)
{
    struct nstree *tree = placing->tree;

    if (ranks_count(&placing->ranks, tree) != 0)
        return MAP_NONE;
    if (tree->nodes[above].facts.level == level)
        return above;
    uint32_t found = ranks_likeliest(&placing->ranks, tree, draft, level, above, several);
    bool any = *several;
    while (found == MAP_NONE && tree->nodes[above].facts.level < level) {
        uint32_t next = tree->nodes[above].facts.level + 1;

        found = ranks_likeliest(&placing->ranks, tree, draft, next, above, several);
        any = any || *several;
        if (found == MAP_NONE) {
            found = made_up(tree, key_of_level(draft->process.pid, next), next);
            if (found == MAP_NONE)
                return MAP_NONE;
            tree->nodes[found].parent = above;
            tree->nodes[found].facts.flags |= NSTREE_NS_INFERRED;
            if (ranks_add(&placing->ranks, tree, found) != 0)
                return MAP_NONE;
        }
        above = found;
        if (next < level)
            found = MAP_NONE;
    }
    *several = any;
    return found;
}

/* The namespace that `draft`'s is certainly below or the same as: its parent's, else the root. */
static uint32_t node_above(const struct nstree *tree, const struct draft *draft)
{
    const struct draft *parent = parent_draft(tree, draft);

    if (!parent || parent->node == MAP_NONE || parent->process.levels >= draft->process.levels)
        return 0;
    return parent->node;
}

/* The namespace at `level` that a placed process is in or below, if it is known and has no parent;
 * else MAP_NONE. *inferred tells whether that the process is below it is. */
static uint32_t unlinked_above(const struct nstree *tree, const struct draft *draft, uint32_t level,
                               bool *inferred)
{
    const struct node *nodes = tree->nodes;
    uint32_t n = draft->node;

    *inferred = draft->process.flags & NSTREE_PROCESS_INFERRED;
    while (n != MAP_NONE && nodes[n].facts.level > level) {
        *inferred = *inferred || nodes[n].facts.flags & NSTREE_NS_INFERRED;
        n = nodes[n].parent;
    }
    return n != MAP_NONE && nodes[n].facts.level == level && nodes[n].parent == MAP_NONE ? n
                                                                                         : MAP_NONE;
}

/* The namespace of the draft's parent, if that is at `level` - 1; else MAP_NONE. What follows from
 * a place that is inferred is inferred, too. */
static uint32_t node_one_up(const struct nstree *tree, const struct draft *draft, uint32_t level,
                            bool *inferred)
{
    const struct draft *parent = parent_draft(tree, draft);

    if (!parent || parent->process.levels != level)
        return MAP_NONE;
    *inferred = *inferred || parent->process.flags & NSTREE_PROCESS_INFERRED;
    return parent->node;
}

/* Whether a namespace at this level has no parent yet. */
static bool is_unlinked(const struct nstree *tree, uint32_t level)
{
    for (uint32_t n = 1; n < tree->n_nodes; n++) {
        if (tree->nodes[n].facts.level == level && tree->nodes[n].parent == MAP_NONE)
            return true;
    }
    return false;
}

/* What the parent of a namespace is told by, from the surest. */
enum trust { TRUST_CERTAIN, TRUST_PARENTS, TRUST_LIKELIEST };

/* Gives the namespaces of a level that have no parent what follows from the processes in or below
 * them: from where the parents of these are, as far as that is certain or also where it is not; or
 * whatever is likeliest. */
static int link_level(struct placing *placing, uint32_t level, enum trust trust)
{
    struct nstree *tree = placing->tree;
    bool any = is_unlinked(tree, level);

    for (size_t i = 0; i < tree->n_drafts && any; i++) {
        const struct draft *draft = &tree->drafts[i];
        bool several = false, inferred = false;
        uint32_t n = MAP_NONE;

        if (draft->process.levels > level)
            n = unlinked_above(tree, draft, level, &inferred);
        if (n == MAP_NONE)
            continue;
        uint32_t parent = node_one_up(tree, draft, level, &inferred);
        if (parent == MAP_NONE && trust == TRUST_LIKELIEST) {
            uint32_t above = node_above(tree, draft);

            if (tree->nodes[above].facts.level >= level)
                above = 0;
            parent = find_or_make(placing, draft, level - 1, above, &several);
            if (parent == MAP_NONE)
                return -ENOMEM;
            inferred = true;
        }
        if (parent == MAP_NONE || (inferred && trust == TRUST_CERTAIN))
            continue;
        tree->nodes[n].parent = parent;
        if (inferred)
            tree->nodes[n].facts.flags |= NSTREE_NS_INFERRED;
    }
    return 0;
}

/* Makes all that is in node `other` part of node `n`. That these two are one is inferred, of either
 * side's processes and of what is below the first. */
static int unite(struct placing *placing, uint32_t n, uint32_t other)
{
    struct nstree *tree = placing->tree;

    for (size_t i = 0; i < tree->n_drafts; i++) {
        struct draft *draft = &tree->drafts[i];

        if (draft->node != n && draft->node != other)
            continue;
        draft->node = n;
        draft->process.flags |= NSTREE_PROCESS_INFERRED;
        if (ranks_take(&placing->ranks, tree, draft) != 0)
            return -ENOMEM;
    }
    for (size_t i = 0; i < tree->n_nodes; i++) {
        if (tree->nodes[i].parent != other)
            continue;
        tree->nodes[i].parent = n;
        tree->nodes[i].facts.flags |= NSTREE_NS_INFERRED;
    }
    tree->nodes[n].init = tree->nodes[other].init;
    tree->nodes[n].cgroup = tree->nodes[other].cgroup;
    tree->nodes[other].init = MAP_NONE;
    ranks_replace(&placing->ranks, tree, n, other);
    return 0;
}

/* The node of an unreadable namespace with the same parent whose init can be that of `draft`, which
 * is in a readable one without; MAP_NONE if there is none or more than one. */
static uint32_t only_init_for(const struct placing *placing, const struct draft *draft)
{
    const struct node *nodes = placing->tree->nodes, *own = &nodes[draft->node];
    uint32_t found = MAP_NONE;

    for (uint32_t n = 1; n < placing->tree->n_nodes; n++) {
        if (n == draft->node || key_inode(nodes[n].facts.ns) || nodes[n].init == MAP_NONE ||
            nodes[n].facts.level != own->facts.level || nodes[n].parent != own->parent ||
            !ranks_fit(&placing->ranks, placing->tree, draft, n, own->parent))
            continue;
        if (found != MAP_NONE)
            return MAP_NONE;
        found = n;
    }
    return found;
}

/* A namespace lives as long as its init. Where a process says the inode of one (the caller's own
 * does, however it came in) and no init in it does, the init is one of those that say nothing. */
static int find_inits(struct placing *placing, uint32_t level)
{
    struct nstree *tree = placing->tree;

    if (ranks_count(&placing->ranks, tree) != 0)
        return -ENOMEM;
    for (size_t i = 0; i < tree->n_drafts; i++) {
        const struct draft *draft = &tree->drafts[i];

        if (draft->key == KEY_UNKNOWN || draft->process.levels != level + 1 ||
            draft->node == MAP_NONE || tree->nodes[draft->node].init != MAP_NONE)
            continue;
        uint32_t other = only_init_for(placing, draft);
        if (other != MAP_NONE && unite(placing, draft->node, other) != 0)
            return -ENOMEM;
    }
    return 0;
}

/* Places the classes of a level that neither an inode nor an init names: what entered from outside.
 * The first of a class is the one whose parent is elsewhere. */
static int place_strays(struct placing *placing, uint32_t level, size_t *unplaced)
{
    struct nstree *tree = placing->tree;

    for (uint32_t i = 0; i < tree->n_drafts; i++) {
        struct draft *draft = &tree->drafts[i];
        bool several = false;

        if (draft->node != MAP_NONE || draft->process.levels != level + 1 ||
            class_of(placing->class_of, i) != i)
            continue;
        uint32_t node = find_or_make(placing, draft, level, node_above(tree, draft), &several);
        if (node == MAP_NONE)
            return -ENOMEM;
        draft->node = node;
        draft->process.flags |= NSTREE_PROCESS_INFERRED;
        if (several)
            draft->process.flags |= NSTREE_PROCESS_AMBIGUOUS;
        if (ranks_take(&placing->ranks, tree, draft) != 0)
            return -ENOMEM;
    }
    *unplaced = spread_classes(placing);
    return 0;
}

/* From the root downwards, so that at each level all that is above it is settled. What is exact
 * comes first at all levels: it shows which numbers are taken. */
static int place_levels(struct placing *placing, size_t unplaced)
{
    int rc = 0;

    for (uint32_t level = 1; level < NSTREE_LEVELS_MAX && rc == 0; level++)
        rc = link_level(placing, level, TRUST_CERTAIN);
    for (uint32_t level = 1; level < NSTREE_LEVELS_MAX && rc == 0; level++) {
        for (enum trust trust = TRUST_CERTAIN; trust <= TRUST_LIKELIEST && rc == 0; trust++)
            rc = link_level(placing, level, trust);
        if (rc == 0 && placing->denied)
            rc = find_inits(placing, level);
        if (rc == 0 && unplaced > 0)
            rc = place_strays(placing, level, &unplaced);
    }
    return rc;
}

/* A namespace that a source told of, without a member and without a word on its parent, hangs under
 * whatever is at the level above it: there is nothing better to say. */
static int link_rest(struct nstree *tree)
{
    for (uint32_t n = 1; n < tree->n_nodes; n++) {
        uint32_t level = tree->nodes[n].facts.level, parent = MAP_NONE;

        if (tree->nodes[n].parent != MAP_NONE)
            continue;
        for (uint32_t p = 0; p < tree->n_nodes && parent == MAP_NONE; p++) {
            if (tree->nodes[p].facts.level + 1 == level)
                parent = p;
        }
        if (parent == MAP_NONE)
            parent = made_up(tree, key_of_level(n & 0x3fffff, level - 1), level - 1);
        if (parent == MAP_NONE)
            return -ENOMEM;
        tree->nodes[n].parent = parent;
        tree->nodes[n].facts.flags |= NSTREE_NS_INFERRED;
    }
    return 0;
}

int place_all(struct nstree *tree)
{
    struct placing placing = {.tree = tree};
    size_t unplaced;
    int rc = place_known(tree, &unplaced);

    placing.denied = unplaced > 0;
    if (rc == 0 && unplaced > 0) {
        placing.class_of = calloc(tree->n_drafts, sizeof *placing.class_of);
        rc = placing.class_of ? place_classes(&placing) : -ENOMEM;
        if (rc == 0)
            unplaced = spread_classes(&placing);
    }
    if (rc == 0)
        rc = link_told(tree);
    if (rc == 0)
        rc = place_levels(&placing, unplaced);
    if (rc == 0)
        rc = link_rest(tree);
    free(placing.class_of);
    ranks_free(&placing.ranks);
    return rc;
}
