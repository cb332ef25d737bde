/* SPDX-License-Identifier: MIT */
/* PIDs of the root only, for $(nstree -q NAME): of the processes that were asked for, and the inits
 * of what was. */
#include "cli/describe.h"
#include "cli/put.h"
#include "cli/render.h"

int render_quiet(const struct selection *selection, const struct look *look, FILE *out)
{
    const struct nstree_ns *root = nstree_root(selection->tree);

    (void)look;
    for (size_t i = 0; i < root->n_inside; i++) {
        if (!selection->asked[i])
            continue;
        describe_number(out, root->members[i].pid);
        put_char(out, '\n');
    }
    return 0;
}
