/* SPDX-License-Identifier: MIT */
/* A directory in place of a procfs, with files, links and FIFOs, for one test. */
#pragma once

#include "build.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/procfs.h"
#include "skip.h"

struct made {
    char path[64];
    int dir;
    struct procfs fs; /* of the directory */
    mode_t mask;      /* of the process before the test */
};

static inline int made_set_up(void **state)
{
    struct made *made = calloc(1, sizeof *made);

    assert_non_null(made);
    made->mask = umask(022); /* for an ordinary user */
    strcpy(made->path, "/tmp/nstree-made-XXXXXX");
    assert_non_null(mkdtemp(made->path));
    assert_int_equal(chmod(made->path, 0755), 0);
    made->dir = open(made->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(made->dir >= 0);
    assert_int_equal(procfs_open(made->path, &made->fs), 0);
    *state = made;
    return 0;
}

static inline int made_remove(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static inline int made_tear_down(void **state)
{
    struct made *made = *state;

    umask(made->mask);
    procfs_close(&made->fs);
    close(made->dir);
    assert_int_equal(nftw(made->path, made_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(made);
    return 0;
}

#define MADE_TEST(function) cmocka_unit_test_setup_teardown(function, made_set_up, made_tear_down)

/* Makes a directory and those above it. */
static inline void made_dir(const struct made *made, const char *path)
{
    char text[256];

    assert_true(snprintf(text, sizeof text, "%s/", path) < (int)sizeof text);
    for (char *slash = strchr(text, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)!mkdirat(made->dir, text, 0755);
        *slash = '/';
    }
    assert_int_equal(faccessat(made->dir, path, F_OK, 0), 0);
}

static inline void made_parents(const struct made *made, const char *path)
{
    char text[256];

    snprintf(text, sizeof text, "%s", path);
    char *slash = strrchr(text, '/');
    if (slash) {
        *slash = '\0';
        made_dir(made, text);
    }
}

/* Makes a file, also in place of an existing one. */
static inline void made_bytes(const struct made *made, const char *path, const char *bytes,
                              size_t n)
{
    made_parents(made, path);
    int fd = openat(made->dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static inline void made_file(const struct made *made, const char *path, const char *text)
{
    made_bytes(made, path, text, strlen(text));
}

static inline void made_link(const struct made *made, const char *path, const char *target)
{
    made_parents(made, path);
    unlinkat(made->dir, path, 0);
    assert_int_equal(symlinkat(target, made->dir, path), 0);
}

static inline void made_fifo(const struct made *made, const char *path)
{
    made_parents(made, path);
    assert_int_equal(mkfifoat(made->dir, path, 0644), 0);
}

static inline uint64_t made_inode(const struct made *made, const char *path)
{
    struct stat st;

    assert_int_equal(fstatat(made->dir, path, &st, AT_SYMLINK_NOFOLLOW), 0);
    return st.st_ino;
}

/* Drops the privileges of the test until end_ordinary(). Skips the test if the user does not
 * exist. */
static inline void begin_ordinary(void)
{
    if (geteuid() == 0 && seteuid(65534) != 0)
        SKIP("root cannot become another user here");
}

static inline void end_ordinary(void)
{
    assert_int_equal(seteuid(getuid()), 0);
}
