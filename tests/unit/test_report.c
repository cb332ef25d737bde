/* SPDX-License-Identifier: MIT */
/* The line on standard error about what could not be seen. */
#include "build.h"

#include <sys/mman.h>
#include <unistd.h>

#include "cli/report.h"
#include "model/tree.h"

static struct nstree *empty_tree(void)
{
    static const struct row rows[] = {{.nspid = {1}, .name = "init"}};

    return build(rows, COUNT(rows));
}

/* What report_unseen() writes to standard error. */
static void expect_report(const char *row, const struct nstree *tree, const char *want)
{
    char got[1024] = "";
    int saved = dup(STDERR_FILENO), file = memfd_create("stderr", MFD_CLOEXEC);

    assert_true(saved >= 0 && file >= 0);
    fflush(stderr);
    dup2(file, STDERR_FILENO);
    report_unseen(tree);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    assert_true(pread(file, got, sizeof got - 1, 0) >= 0);
    close(saved);
    close(file);
    ROW_TEXT(row, got, want);
}

static void processes_that_were_not_searched_are_named(void **state)
{
    static const uint32_t pids[NSTREE_UNSEARCHED_MAX] = {1, 77, 80, 81, 82, 83, 84, 85};
    static const struct {
        uint64_t n;
        const char *want;
    } rows[] = {
        {0, ""},
        {1, "nstree: cannot read the file descriptors of process 1\n"},
        {2, "nstree: cannot read the file descriptors of 2 processes: 1, 77\n"},
        {3, "nstree: cannot read the file descriptors of 3 processes: 1, 77, 80\n"},
        {4, "nstree: cannot read the file descriptors of 4 processes: 1, 77, 80 and 1 more\n"},
        {900,
         "nstree: cannot read the file descriptors of 900 processes: 1, 77, 80 and 897 more\n"},
    };
    struct nstree *tree = empty_tree();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tree->info.unsearched = rows[i].n;
        tree->info.n_unsearched_pids =
            rows[i].n < NSTREE_UNSEARCHED_MAX ? (size_t)rows[i].n : NSTREE_UNSEARCHED_MAX;
        tree->info.unsearched_pids = rows[i].n > 0 ? pids : NULL;
        expect_report("unsearched", tree, rows[i].want);
    }
    nstree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processes_that_were_not_searched_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
