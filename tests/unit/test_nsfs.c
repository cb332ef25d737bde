/* SPDX-License-Identifier: MIT */
/* Namespace links: those that the test makes, and those of this process. */
#include "made.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>

#include "skip.h"

static const struct {
    const char *target;
    int rc; /* of ns_read_link() */
    uint32_t inode;
} links[] = {
    {"pid:[4026531836]", 0, 4026531836},
    {"pid:[1]", 0, 1},
    {"pid:[4294967295]", 0, 4294967295},
    {"pid:[4294967296]", -EBADMSG, 0},
    {"pid:[0]", -EBADMSG, 0},
    {"pid:[]", -EBADMSG, 0},
    {"mnt:[4026531836]", -EBADMSG, 0},
    {"socket:[12345]", -EBADMSG, 0},
    {"/dev/null", -EBADMSG, 0},
};

static void reads_links(void **state)
{
    const struct made *made = *state;
    uint32_t inode = 0;

    for (size_t i = 0; i < COUNT(links); i++) {
        made_link(made, "link", links[i].target);
        ROW_INT(links[i].target, ns_read_link(made->dir, "link", &inode), links[i].rc);
        if (links[i].rc == 0)
            ROW_INT(links[i].target, inode, links[i].inode);
    }
    made_file(made, "file", "pid:[1]");
    assert_int_equal(ns_read_link(made->dir, "none", &inode), -ENOENT);
    assert_int_equal(ns_read_link(made->dir, "file", &inode), -EINVAL);
    assert_int_equal(ns_read_link(made->dir, "file/link", &inode), -ENOTDIR);
    made_link(made, "10/ns/pid", "pid:[5]");
    assert_int_equal(fchmodat(made->dir, "10/ns", 0, 0), 0);
    begin_ordinary();
    int rc = ns_read_link(made->dir, "10/ns/pid", &inode);
    end_ordinary();
    assert_int_equal(fchmodat(made->dir, "10/ns", 0755, 0), 0);
    assert_int_equal(rc, -EACCES);
}

/* nstree_path_inode() of a path in the directory. */
static int inode_of(const struct made *made, const char *name, uint32_t *inode)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", made->path, name);
    return nstree_path_inode(path, inode);
}

static void paths_that_users_name(void **state)
{
    const struct made *made = *state;
    uint32_t inode = 0;

    made_link(made, "recorded", "pid:[4026532100]"); /* dangles */
    assert_int_equal(inode_of(made, "recorded", &inode), 0);
    assert_int_equal(inode, 4026532100);
    made_link(made, "other", "mnt:[4026532100]");
    assert_int_equal(inode_of(made, "other", &inode), -EINVAL);
    assert_int_equal(inode_of(made, "none", &inode), -ENOENT);
    made_file(made, "file", "pid:[1]");
    assert_int_equal(inode_of(made, "file", &inode), -EINVAL);
    made_fifo(made, "fifo"); /* not waited for */
    assert_int_equal(inode_of(made, "fifo", &inode), -EINVAL);
    made_link(made, "to-file", "file");
    assert_int_equal(inode_of(made, "to-file", &inode), -EINVAL);
    made_link(made, "circle", "circle");
    assert_int_equal(inode_of(made, "circle", &inode), -EIO);
    made_file(made, "closed", "");
    assert_int_equal(fchmodat(made->dir, "closed", 0, 0), 0);
    begin_ordinary();
    int rc = inode_of(made, "closed", &inode);
    end_ordinary();
    assert_int_equal(rc, -EACCES);
    assert_int_equal(inode, 4026532100); /* no failure touched it */
}

/* The namespaces of this process, by all kinds of paths. */
static void open_namespaces(void **state)
{
    const struct made *made = *state;
    uint32_t own = 0, pid = 0;

    assert_int_equal(ns_read_link(AT_FDCWD, "/proc/self/ns/pid", &own), 0);
    AUTO_CLOSE int path = open("/proc/self/ns/pid", O_PATH | O_CLOEXEC);
    AUTO_CLOSE int mnt = open("/proc/self/ns/mnt", O_PATH | O_CLOEXEC);
    AUTO_CLOSE int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    AUTO_CLOSE int live = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
    assert_true(path >= 0 && mnt >= 0 && proc >= 0 && live >= 0);
    if (ioctl(live, NS_GET_NSTYPE) < 0)
        SKIP("no ioctls on namespaces here (qemu-user, Linux before 4.11)");
    assert_true(ns_is(path));
    assert_true(ns_is(mnt));
    assert_false(ns_is(made->dir));
    assert_int_equal(ns_inode(path), own);
    assert_int_equal(ns_inode(-1), 0);
    AUTO_CLOSE int ns = ns_reopen(proc, path, own);
    assert_true(ns >= 0);
    assert_int_equal(ns_inode(ns), own);
    assert_int_equal(ns_reopen(proc, path, own + 1), -EINVAL);
    assert_int_equal(ns_reopen(proc, mnt, ns_inode(mnt)), -EINVAL);
    assert_int_equal(ns_reopen(proc, made->dir, own), -EINVAL);
    /* Its parent is out of reach; its init is 1, if the kernel reports it. */
    assert_int_equal(ns_parent(ns, NULL), -EPERM);
    int rc = ns_init(ns, &pid);
    assert_true(rc == 0 ? pid == 1 : pid == 0);
    /* No namespace has any of these. */
    struct ns_record record = {.user_ns = 7, .owner_uid = 8};
    ns_owner(made->dir, &record);
    assert_int_equal(record.user_ns, 7);
    assert_int_equal(record.owner_uid, 8);
    pid = 9;
    assert_int_equal(ns_init(made->dir, &pid), -ENOTTY);
    assert_int_equal(pid, 0);
    assert_int_equal(ns_parent(made->dir, NULL), -ENOTTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE_TEST(reads_links),
        MADE_TEST(paths_that_users_name),
        MADE_TEST(open_namespaces),
    };

    return cmocka_run_group_tests_name("nsfs", tests, NULL, NULL);
}
