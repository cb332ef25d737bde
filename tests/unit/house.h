/* SPDX-License-Identifier: MIT */
/* Two real processes, this test and its child, for tests of processes that are read again. */
#pragma once

#include "build.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "scan/inherit.h"
#include "scan/prove.h"

struct house {
    struct procfs fs;
    struct scanner scanner;
    uint32_t parent, child; /* PIDs; either one can be larger */
    uint32_t inode;         /* of their real namespace */
};

static inline uint64_t dir_of(uint32_t pid)
{
    char path[32];
    struct stat st;

    snprintf(path, sizeof path, "/proc/%u", (unsigned)pid);
    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

static inline int set_up(void **state)
{
    struct house *house = calloc(1, sizeof *house);

    assert_non_null(house);
    *state = house;
    assert_int_equal(procfs_open("/proc", &house->fs), 0);
    house->parent = (uint32_t)getpid();
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    assert_true(child > 0);
    house->child = (uint32_t)child;
    house->inode = procfs_inode(&house->fs, house->parent);
    assert_int_not_equal(house->inode, 0);
    house->scanner.fs = house->scanner.reader.fs = &house->fs;
    assert_int_equal(builder_new(&house->scanner.builder), 0);
    return 0;
}

static inline int tear_down(void **state)
{
    struct house *house = *state;

    kill((pid_t)house->child, SIGKILL);
    waitpid((pid_t)house->child, NULL, 0);
    builder_free(house->scanner.builder);
    procfs_reader_free(&house->scanner.reader);
    procfs_close(&house->fs);
    free(house);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
