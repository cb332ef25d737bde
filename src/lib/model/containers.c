/* SPDX-License-Identifier: MIT */
#include "model/containers.h"

#include <errno.h>

#include "base/number.h"
#include "model/tree.h"

/* A container, sorted by these members from the first. */
struct place {
    uint32_t ns; /* the place of its namespace in the order of the tree; MAP_NONE: there is none */
    bool shares; /* that namespace is not its own */
    uint32_t init;
    uint32_t index; /* among the drafts of containers */
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return compare_numbers(x->ns, y->ns) ?: compare_numbers(x->shares, y->shares)
           ?: compare_numbers(x->init, y->init) ?: compare_numbers(x->index, y->index);
}

/* `order` has the place of each node in the order of the tree. */
static struct place place_of(const struct builder *builder, const uint32_t *order, uint32_t i)
{
    const struct container_draft *container = &builder->containers[i];
    uint32_t node = map_get(&builder->by_key, container->ns);

    return (struct place){
        .ns = node == MAP_NONE ? MAP_NONE : order[node],
        .shares = node == MAP_NONE || builder->nodes[node].facts.container != i + 1,
        .init = container->init,
        .index = i,
    };
}

/* Replaces the index of a container by its new one. */
static void renumber(uint32_t *container, const uint32_t *numbers)
{
    if (*container != 0)
        *container = numbers[*container - 1] + 1;
}

/* Makes the places[i].index-th container the i-th. */
static int permute(struct builder *builder, const struct place *places)
{
    const size_t n = builder->n_containers;
    struct container_draft *sorted = malloc(n * sizeof *sorted);
    AUTO_FREE uint32_t *numbers = malloc(n * sizeof *numbers);

    if (!sorted || !numbers) {
        free(sorted);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = builder->containers[places[i].index];
        numbers[places[i].index] = i;
    }
    free(builder->containers);
    builder->containers = sorted;
    for (size_t i = 0; i < builder->n_nodes; i++)
        renumber(&builder->nodes[i].facts.container, numbers);
    for (size_t i = 0; i < builder->n_drafts; i++)
        renumber(&builder->drafts[i].container, numbers);
    return 0;
}

int containers_sort(struct builder *builder)
{
    if (builder->n_containers == 0)
        return 0;
    AUTO_FREE uint32_t *order = malloc(builder->n_nodes * sizeof *order);
    AUTO_FREE struct place *places = malloc(builder->n_containers * sizeof *places);
    if (!order || !places)
        return -ENOMEM;
    memset(order, 0xff, builder->n_nodes * sizeof *order); /* MAP_NONE */
    for (uint32_t i = 0; i < builder->n_order; i++)
        order[builder->order[i]] = i;
    for (uint32_t i = 0; i < builder->n_containers; i++)
        places[i] = place_of(builder, order, i);
    qsort(places, builder->n_containers, sizeof *places, compare_places);
    return permute(builder, places);
}

void containers_join(const struct builder *builder, struct nstree *tree)
{
    const struct nstree_ns *root = tree->namespaces;

    tree->n_containers = builder->n_containers;
    for (size_t i = 0; i < builder->n_containers; i++) {
        const struct container_draft *draft = &builder->containers[i];
        uint32_t at = map_get(&tree->by_key, draft->ns);

        tree->containers[i] = draft->facts;
        tree->containers[i].ns = at == MAP_NONE ? NULL : &root[at];
        if (draft->init != 0)
            tree->containers[i].init = nstree_find_process(tree, root, draft->init);
    }
}
