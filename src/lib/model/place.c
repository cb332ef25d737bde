/* SPDX-License-Identifier: MIT */
/*
 * Which namespace each process is in, and which namespace is the parent of which.
 *
 * What the kernel reports counts: the inode of the process, the parent of the namespace. The rest
 * follows from one fact: the PID namespace of a process's parent is the same as its own or an
 * ancestor of it. Proof, for every moment:
 *   - A process never changes its PID namespace. fork() puts the child into the caller's
 *     pid_for_children (copy_process() in kernel/fork.c), which setns() lets be only the caller's
 *     own namespace or one below it (pidns_install() in kernel/pid_namespace.c), and unshare() a
 *     new child of its own (copy_pid_ns()). So at its birth it is at or below its creator's.
 *   - Its parent then is the creator; with CLONE_PARENT it is the creator's parent, whose namespace
 *     contains the creator's. An init cannot use CLONE_PARENT (copy_process()), and a thread cannot
 *     be elsewhere than its process.
 *   - When a parent ends, find_new_reaper() in kernel/exit.c gives its children to a thread of the
 *     same process, to a subreaper on the way up that is in the dead parent's own namespace
 *     (has_child_subreaper; the level is compared), or to the init of that namespace: never to
 *     another namespace. ptrace(2) changes `parent` and not `real_parent`, which PPid shows.
 * Hence, with the lengths of both NSpid chains:
 *   - as long: the same namespace, exactly;
 *   - one shorter, and the process is PID 1 of its own: its namespace is a child of the parent's,
 *     exactly. (One shorter alone also gives the parent namespace exactly, but not which child.)
 *   - otherwise: it is somewhere below the parent's. A PID occurs once in a namespace, which rules
 *     some places out. Its cgroup speaks for one place and against others (candidates.h). The
 * result is marked as inferred and, unless all others are ruled out by what is exact (certain.h),
 * as one of several. The source has to prove that a PPid means the process that was read
 * (draft.parent_unsure, prove.c). Where it is not proven, nothing follows from it.
 */
#include "model/place.h"

#include <errno.h>

#include "model/candidates.h"
#include "model/certain.h"

struct placing {
    struct builder *builder;
    uint32_t *class_of;           /* by draft: union-find parent; a class is in one namespace */
    struct candidates candidates; /* filled on demand, and so is the next */
    struct certain certain;
    bool denied; /* some inodes could not be read */
};

/* How sure a place is. */
enum grade { EXACT, INFERRED, AMBIGUOUS };

static void mark_process(struct draft *draft, enum grade grade)
{
    if (grade >= INFERRED)
        draft->process.flags |= NSTREE_PROCESS_INFERRED;
    if (grade == AMBIGUOUS)
        draft->process.flags |= NSTREE_PROCESS_AMBIGUOUS;
}

static void mark_link(struct node *node, enum grade grade)
{
    if (grade >= INFERRED)
        node->facts.flags |= NSTREE_NS_INFERRED;
    if (grade == AMBIGUOUS)
        node->facts.flags |= NSTREE_NS_AMBIGUOUS;
}

static enum grade grade_of(const struct draft *draft)
{
    return draft->process.flags & NSTREE_PROCESS_AMBIGUOUS  ? AMBIGUOUS
           : draft->process.flags & NSTREE_PROCESS_INFERRED ? INFERRED
                                                            : EXACT;
}

static enum grade grade_of_link(const struct node *node)
{
    return node->facts.flags & NSTREE_NS_AMBIGUOUS  ? AMBIGUOUS
           : node->facts.flags & NSTREE_NS_INFERRED ? INFERRED
                                                    : EXACT;
}

static void worsen(enum grade *grade, enum grade other)
{
    *grade = other > *grade ? other : *grade;
}

/* The process that the PPid of `draft` is proven to mean; else NULL. */
static struct draft *parent_draft(const struct builder *builder, const struct draft *draft)
{
    uint32_t index = builder_parent(builder, draft);

    return index == MAP_NONE ? NULL : &builder->drafts[index];
}

/* The node `key` at `level`, made if it is new. A made-up key can meet one of another level only
 * where a recording lies; then a prefix that no source uses is added. */
static uint32_t made_up(struct builder *builder, uint64_t key, uint32_t level)
{
    uint32_t n = builder_node(builder, key, level);

    while (n != MAP_NONE && builder->nodes[n].facts.level != level) {
        key += UINT64_C(1) << 40;
        n = builder_node(builder, key, level);
    }
    return n;
}

/* Links nodes with their reported parents. The parent at level 1 is the root, whatever was
 * reported. */
static int link_reported(struct builder *builder)
{
    for (uint32_t n = 1; n < builder->n_nodes;
         n++) { /* n_nodes grows as parents are met first here */
        struct ns_record facts = builder->nodes[n].facts;
        uint32_t parent = 0;

        if (facts.level > 1) {
            if (facts.parent == KEY_UNKNOWN)
                continue;
            parent = builder_node(builder, facts.parent, facts.level - 1);
            if (parent == MAP_NONE)
                return -ENOMEM;
        }
        if (builder->nodes[parent].facts.level + 1 == facts.level)
            builder->nodes[n].parent = parent;
    }
    return 0;
}

/* Places the members of the root, and the processes whose inode is known. One namespace cannot be
 * at two levels: the process that was met later then counts as unread. */
static int place_known(struct builder *builder, size_t *unplaced)
{
    *unplaced = 0;
    for (size_t i = 0; i < builder->n_drafts; i++) {
        struct draft *draft = &builder->drafts[i];
        uint32_t level = draft->process.levels - 1U;

        if (level == 0) {
            draft->node = 0;
        } else if (draft->key != KEY_UNKNOWN) {
            uint32_t node = builder_node(builder, draft->key, level);

            if (node == MAP_NONE)
                return -ENOMEM;
            if (builder->nodes[node].facts.level == level)
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

/* Joins processes with their parents of the same level. Then gives each class the namespace that is
 * known of any of its processes or, where an init is in it, a node of its own. */
static int place_classes(struct placing *placing)
{
    struct builder *builder = placing->builder;
    uint32_t *classes = placing->class_of;

    for (uint32_t i = 0; i < builder->n_drafts; i++)
        classes[i] = i;
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *draft = &builder->drafts[i], *parent = parent_draft(builder, draft);

        if (parent && parent->process.levels == draft->process.levels)
            classes[class_of(classes, i)] = class_of(classes, (uint32_t)(parent - builder->drafts));
    }
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        struct draft *first = &builder->drafts[class_of(classes, i)];

        if (first->node == MAP_NONE)
            first->node = builder->drafts[i].node;
    }
    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        struct draft *draft = &builder->drafts[i], *first = &builder->drafts[class_of(classes, i)];

        if (first->node == MAP_NONE && is_init(&draft->process)) {
            first->node =
                made_up(builder, key_of_init(draft->process.pid), draft->process.levels - 1U);
            if (first->node == MAP_NONE)
                return -ENOMEM;
        }
    }
    return 0;
}

/* Gives every process of a placed class the class's namespace. Returns how many are unplaced. */
static size_t spread_classes(struct placing *placing)
{
    struct builder *builder = placing->builder;
    size_t unplaced = 0;

    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        const struct draft *first = &builder->drafts[class_of(placing->class_of, i)];

        if (builder->drafts[i].node == MAP_NONE) {
            builder->drafts[i].node = first->node;
            mark_process(&builder->drafts[i], grade_of(first));
            unplaced += first->node == MAP_NONE;
        }
    }
    return unplaced;
}

/* The lowest node above `level` that `draft` is certainly below as the only one that is left, if it
 * is lower than `above`; else `above`. */
static uint32_t lowest_certain(const struct placing *placing, const struct draft *draft,
                               uint32_t level, uint32_t above)
{
    const struct builder *builder = placing->builder;
    uint32_t certain = certain_above(builder, draft), only;

    while (--level > builder->nodes[above].facts.level) {
        if (certain_left(&placing->certain, builder, draft, level, certain, false, &only) ==
            LEFT_ONE)
            return only;
    }
    return above;
}

/* A node at `level` that is made up for `draft`, as a child of `above`; MAP_NONE without memory. */
static uint32_t make_child(struct placing *placing, const struct draft *draft, uint32_t level,
                           uint32_t above)
{
    struct builder *builder = placing->builder;
    uint32_t made = made_up(builder, key_of_level(draft->process.pid, level), level);

    if (made == MAP_NONE)
        return MAP_NONE;
    builder->nodes[made].parent = above;
    if (level > 1) /* else its parent is the root */
        mark_link(&builder->nodes[made], AMBIGUOUS);
    return candidates_add_made(&placing->candidates, builder, made, draft) == 0 ? made : MAP_NONE;
}

/* The likeliest node for `draft` at `level` below `above`. Where no known node fits, it is made up,
 * with those missing in between. */
static uint32_t find_or_make(struct placing *placing, const struct draft *draft, uint32_t level,
                             uint32_t above)
{
    struct builder *builder = placing->builder;

    if (builder->nodes[above].facts.level == level)
        return above;
    uint32_t found = candidates_likeliest(&placing->candidates, builder, draft, level, above);
    if (found != MAP_NONE)
        return found;
    above = lowest_certain(placing, draft, level, above);
    while (above != MAP_NONE && builder->nodes[above].facts.level < level) {
        uint32_t next = builder->nodes[above].facts.level + 1;

        found = candidates_likeliest(&placing->candidates, builder, draft, next, above);
        above = found != MAP_NONE ? found : make_child(placing, draft, next, above);
    }
    return above;
}

/* The namespace that `draft`'s is certainly below or the same as: that of its parent, else the
 * root. */
static uint32_t node_above(const struct builder *builder, const struct draft *draft)
{
    const struct draft *parent = parent_draft(builder, draft);

    if (!parent || parent->node == MAP_NONE || parent->process.levels >= draft->process.levels)
        return 0;
    return parent->node;
}

/* Takes stock for certain.c and candidates.c, before either is asked. */
static int count_all(struct placing *placing)
{
    int rc = candidates_count(&placing->candidates, placing->builder);

    return rc == 0 ? certain_count(&placing->certain, placing->builder) : rc;
}

/* Whether nodes were made up from `before` down to `level`, and had to be: no known one is left at
 * any of these levels, and the node above the first of them is certain. Then they are not one of
 * several either. */
static bool had_to_be(const struct placing *placing, const struct draft *draft, uint32_t level,
                      size_t before)
{
    struct builder *builder = placing->builder;
    uint32_t above = certain_above(builder, draft), only;

    if (builder->n_nodes == before || builder->nodes[before].parent != above)
        return false;
    for (uint32_t at = builder->nodes[before].facts.level; at <= level; at++) {
        if (certain_left(&placing->certain, builder, draft, at, above, false, &only) != LEFT_NONE)
            return false;
    }
    for (size_t n = before; n < builder->n_nodes; n++)
        builder->nodes[n].facts.flags &= ~(uint32_t)NSTREE_NS_AMBIGUOUS;
    return true;
}

/* The namespace at `level` that `draft` is in or below: the only one that is left, else the
 * likeliest, which is made up where none fits. MAP_NONE without memory. */
static uint32_t choose(struct placing *placing, const struct draft *draft, uint32_t level,
                       enum grade *grade)
{
    struct builder *builder = placing->builder;
    size_t before = builder->n_nodes;
    uint32_t only;

    if (count_all(placing) != 0)
        return MAP_NONE;
    if (certain_left(&placing->certain, builder, draft, level, certain_above(builder, draft), false,
                     &only) == LEFT_ONE) {
        worsen(grade, INFERRED);
        return only;
    }
    uint32_t above = node_above(builder, draft);
    if (builder->nodes[above].facts.level >= level)
        above = 0;
    uint32_t found = find_or_make(placing, draft, level, above);
    worsen(grade, had_to_be(placing, draft, level, before) ? INFERRED : AMBIGUOUS);
    return found;
}

/* The namespace at `level` that a placed process is in or below, if it is known and has no parent
 * yet; else MAP_NONE. *grade is how sure it is that the process is below it. */
static uint32_t unlinked_above(const struct builder *builder, const struct draft *draft,
                               uint32_t level, enum grade *grade)
{
    const struct node *nodes = builder->nodes;
    uint32_t n = draft->node;

    *grade = grade_of(draft);
    while (n != MAP_NONE && nodes[n].facts.level > level) {
        worsen(grade, grade_of_link(&nodes[n]));
        n = nodes[n].parent;
    }
    return n != MAP_NONE && nodes[n].facts.level == level && nodes[n].parent == MAP_NONE ? n
                                                                                         : MAP_NONE;
}

/* The namespace of the draft's parent, if that is at `level` - 1; else MAP_NONE. What follows from
 * an inferred place is inferred, too. */
static uint32_t node_one_up(const struct builder *builder, const struct draft *draft,
                            uint32_t level, enum grade *grade)
{
    const struct draft *parent = parent_draft(builder, draft);

    if (!parent || parent->process.levels != level)
        return MAP_NONE;
    worsen(grade, grade_of(parent));
    return parent->node;
}

/* Whether a namespace at this level has no parent yet. */
static bool is_unlinked(const struct builder *builder, uint32_t level)
{
    for (uint32_t n = 1; n < builder->n_nodes; n++) {
        if (builder->nodes[n].facts.level == level && builder->nodes[n].parent == MAP_NONE)
            return true;
    }
    return false;
}

/* What shows the parent of a namespace, from the surest. */
enum trust { TRUST_CERTAIN, TRUST_PARENTS, TRUST_LIKELIEST };

/* Gives the namespaces of a level that have no parent yet the one that follows from the processes
 * in or below them: from where the parents of these processes are, by certain places alone or by
 * inferred ones too; or the likeliest. */
static int link_level(struct placing *placing, uint32_t level, enum trust trust)
{
    struct builder *builder = placing->builder;
    bool any = is_unlinked(builder, level);

    for (size_t i = 0; i < builder->n_drafts && any; i++) {
        const struct draft *draft = &builder->drafts[i];
        enum grade grade;
        uint32_t n = MAP_NONE;

        if (draft->process.levels > level)
            n = unlinked_above(builder, draft, level, &grade);
        if (n == MAP_NONE)
            continue;
        uint32_t parent = node_one_up(builder, draft, level, &grade);
        if (parent == MAP_NONE && trust == TRUST_LIKELIEST) {
            parent = choose(placing, draft, level - 1, &grade);
            if (parent == MAP_NONE)
                return -ENOMEM;
        }
        if (parent == MAP_NONE || (grade != EXACT && trust == TRUST_CERTAIN))
            continue;
        builder->nodes[n].parent = parent;
        mark_link(&builder->nodes[n], grade);
    }
    return 0;
}

/* Moves all that is in a node to the node that it turned out to be (`as`, by node; MAP_NONE: none).
 * That these two are one is inferred, and so is what is below the first. */
static int unite(struct placing *placing, const uint32_t *as)
{
    struct builder *builder = placing->builder;
    int rc = 0;

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        struct draft *draft = &builder->drafts[i];

        if (draft->node == MAP_NONE || as[draft->node] == MAP_NONE)
            continue;
        draft->node = as[draft->node];
        mark_process(draft, INFERRED);
        rc = candidates_take(&placing->candidates, builder, draft);
    }
    for (size_t i = 0; i < builder->n_nodes; i++) {
        struct node *node = &builder->nodes[i];

        if (node->parent == MAP_NONE || as[node->parent] == MAP_NONE)
            continue;
        node->parent = as[node->parent];
        mark_link(node, INFERRED);
    }
    return rc;
}

/* Notes that node `other` is node `n`, which takes over its init. */
static void equate(struct placing *placing, uint32_t *as, uint32_t n, uint32_t other)
{
    struct node *nodes = placing->builder->nodes;

    as[other] = n;
    nodes[n].init = nodes[other].init;
    nodes[other].init = MAP_NONE;
    candidates_replace(&placing->candidates, placing->builder, n, other);
}

/* Whether a process shows the inode of a namespace whose init does not. */
static bool lacks_init(const struct builder *builder, const struct draft *draft, uint32_t level)
{
    return draft->key != KEY_UNKNOWN && draft->process.levels == level + 1 &&
           draft->node != MAP_NONE && builder->nodes[draft->node].init == MAP_NONE;
}

/* A namespace lives as long as its init. Where a process shows an inode (the caller can read its
 * own link, however it came in) and no init does, the init is one of those that show none: that
 * one, if all but one are ruled out. */
static int find_inits(struct placing *placing, uint32_t level)
{
    struct builder *builder = placing->builder;
    AUTO_FREE uint32_t *as = NULL;
    int rc = count_all(placing);

    for (size_t i = 0; i < builder->n_drafts && rc == 0; i++) {
        const struct draft *draft = &builder->drafts[i];
        uint32_t only;

        if (!lacks_init(builder, draft, level))
            continue;
        const struct node *own = &builder->nodes[draft->node];
        bool linked = own->parent != MAP_NONE && grade_of_link(own) == EXACT;
        uint32_t above = linked ? own->parent : certain_above(builder, draft);
        if (certain_left(&placing->certain, builder, draft, level, above, true, &only) != LEFT_ONE)
            continue;
        if (!as) {
            as = malloc(builder->n_nodes * sizeof *as);
            if (!as)
                return -ENOMEM;
            memset(as, 0xff, builder->n_nodes * sizeof *as); /* MAP_NONE */
        }
        equate(placing, as, draft->node, only);
    }
    return rc == 0 && as ? unite(placing, as) : rc;
}

/* Places the classes of a level that have neither an inode nor an init: processes that entered from
 * outside. The first of a class is the one whose parent is elsewhere. */
static int place_strays(struct placing *placing, uint32_t level, size_t *unplaced)
{
    struct builder *builder = placing->builder;

    for (uint32_t i = 0; i < builder->n_drafts; i++) {
        struct draft *draft = &builder->drafts[i];
        enum grade grade = INFERRED;

        if (draft->node != MAP_NONE || draft->process.levels != level + 1 ||
            class_of(placing->class_of, i) != i)
            continue;
        uint32_t node = choose(placing, draft, level, &grade);
        if (node == MAP_NONE)
            return -ENOMEM;
        draft->node = node;
        mark_process(draft, grade);
        if (candidates_take(&placing->candidates, builder, draft) != 0)
            return -ENOMEM;
    }
    *unplaced = spread_classes(placing);
    return 0;
}

/* From the root downwards, so that everything above a level is placed before it. Exact places come
 * first at all levels: they show which PIDs are taken. */
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

/* A reported namespace without a member and without a known parent is put below any namespace of
 * the level above: nothing better is known. */
static int link_rest(struct builder *builder)
{
    uint32_t first[NSTREE_LEVELS_MAX]; /* of each level */

    memset(first, 0xff, sizeof first); /* MAP_NONE */
    for (uint32_t n = (uint32_t)builder->n_nodes; n-- > 0;)
        first[builder->nodes[n].facts.level] = n;
    for (uint32_t n = 1; n < builder->n_nodes; n++) { /* n_nodes grows as parents are made up */
        uint32_t level = builder->nodes[n].facts.level;

        if (builder->nodes[n].parent != MAP_NONE)
            continue;
        if (first[level - 1] == MAP_NONE)
            first[level - 1] = made_up(builder, key_of_level(n & 0x3fffff, level - 1), level - 1);
        if (first[level - 1] == MAP_NONE)
            return -ENOMEM;
        builder->nodes[n].parent = first[level - 1];
        mark_link(&builder->nodes[n], AMBIGUOUS);
    }
    return 0;
}

int place_all(struct builder *builder)
{
    struct placing placing = {.builder = builder};
    size_t unplaced;
    int rc = place_known(builder, &unplaced);

    builder->unseen = builder->unseen || builder->info.partial ||
                      builder_find(builder, 1) == MAP_NONE ||
                      builder->info.hidden + builder->info.malformed > 0;
    placing.denied = unplaced > 0;
    if (rc == 0 && unplaced > 0) {
        placing.class_of = calloc(builder->n_drafts, sizeof *placing.class_of);
        rc = placing.class_of ? place_classes(&placing) : -ENOMEM;
        if (rc == 0)
            unplaced = spread_classes(&placing);
    }
    if (rc == 0)
        rc = link_reported(builder);
    if (rc == 0)
        rc = place_levels(&placing, unplaced);
    if (rc == 0)
        rc = link_rest(builder);
    free(placing.class_of);
    candidates_free(&placing.candidates);
    certain_free(&placing.certain);
    return rc;
}
