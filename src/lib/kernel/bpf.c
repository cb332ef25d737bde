/* SPDX-License-Identifier: MIT */
/*
 * The programs are loaded as light skeletons: bpftool turns each into one that the kernel itself
 * runs to create and relocate everything (BPF_PROG_TYPE_SYSCALL), so no library that reads ELF or
 * BTF is needed at run time. The kernel can do its part of CO-RE since Linux 5.17 (commit "bpf: Add
 * bpf_core_add_cands() and wire it into bpf_core_apply_relo_insn()").
 */
#include "kernel/bpf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "kernel/borrowed.h"
#include "record.h"

#ifdef NSTREE_BPF

#include <tasks.lskel.h>
#include <unborn.lskel.h>

#define TRIES_MAX 100

bool bpf_is_built_in(void)
{
    return true;
}

static bool is_too_old(void)
{
    struct utsname name;
    unsigned major, minor;

    if (uname(&name) != 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
        return false;
    return major < 5 || (major == 5 && minor < 17);
}

/* In confidentiality mode, programs may not read kernel memory (kernel_lockdown(7)). */
static bool is_locked_down(void)
{
    char text[128];
    AUTO_CLOSE int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    text[len < 0 ? 0 : len] = '\0';
    return strstr(text, "[confidentiality]") != NULL;
}

static bool is_nested_user(void)
{
    struct stat st;

    return stat("/proc/self/ns/user", &st) == 0 && st.st_ino != USER_INITIAL_INODE;
}

/* Explains an errno of the kernel. Returns what nstree_scan() is to return. */
static int explain(int error, struct nstree_error *err)
{
    struct borrowed borrowed;

    borrowed_look(&borrowed);
    AUTO_LOAN struct loan loan = borrowed_withhold(&borrowed);
    if (exhausted(-error))
        return error_set(err, error == ENOMEM ? -ENOMEM : -EMFILE, "bpf: %s", strerror(error));
    if (error == EAGAIN || error == EINTR)
        return error_set(err, -EINTR, "bpf: signals keep the program from being loaded");
    if (error == ENOSYS)
        return error_set(err, -EOPNOTSUPP, "bpf: this kernel was built without BPF");
    if (error == EPERM && is_nested_user())
        return error_set(err, -EACCES, "bpf: only possible from the initial user namespace");
    if (error == EPERM)
        return error_set(err, -EACCES,
                         "bpf: not permitted: needs root, or CAP_BPF and CAP_PERFMON");
    if (is_too_old())
        return error_set(err, -EOPNOTSUPP, "bpf: this kernel is too old (Linux 5.17 is needed)");
    if (is_locked_down())
        return error_set(err, -EACCES, "bpf: this kernel is locked down (confidentiality)");
    if (access("/sys/kernel/btf/vmlinux", F_OK) != 0)
        return error_set(err, -EOPNOTSUPP,
                         "bpf: this kernel was built without type information "
                         "(/sys/kernel/btf/vmlinux)");
    return error_set(err, -EIO, "bpf: the kernel refused the program: %s", strerror(error));
}

static int create_iterator(int link)
{
    union bpf_attr attr = {.iter_create = {.link_fd = (__u32)link}};

    int fd = skel_sys_bpf(BPF_ITER_CREATE, &attr, sizeof attr.iter_create);
    return fd < 0 ? -errno : fd;
}

/* Unlike the generated …__open_and_load(), these two return the cause. They return a descriptor or
 * a negative errno. The stream keeps all that it needs. */
static int open_tasks(bool owners)
{
    struct tasks_program *skel = tasks_program__open();

    if (!skel)
        return -ENOMEM;
    skel->bss->want_owners = owners;
    int rc = tasks_program__load(skel);
    if (rc == 0)
        rc = tasks_program__attach(skel) < 0 ? -errno : 0;
    if (rc == 0)
        rc = create_iterator(skel->links.nstree_tasks_fd);
    tasks_program__destroy(skel);
    return rc;
}

static int open_unborn(void)
{
    struct unborn_program *skel = unborn_program__open();

    if (!skel)
        return -ENOMEM;
    int rc = unborn_program__load(skel);
    if (rc == 0)
        rc = unborn_program__attach(skel) < 0 ? -errno : 0;
    if (rc == 0)
        rc = create_iterator(skel->links.nstree_unborn_fd);
    unborn_program__destroy(skel);
    return rc;
}

/* While a signal is pending, the verifier gives up (EAGAIN, bpf_check() in kernel/bpf/verifier.c),
 * and so do other steps (EINTR). Anybody able to send signals all the time could also kill us. */
int bpf_open(enum bpf_stream stream, bool owners, struct nstree_error *err)
{
    int rc = -EAGAIN;

    for (int tries = 0; tries < TRIES_MAX && (rc == -EAGAIN || rc == -EINTR); tries++)
        rc = stream == BPF_TASKS ? open_tasks(owners) : open_unborn();
    return rc < 0 ? explain(-rc, err) : rc;
}

#else

bool bpf_is_built_in(void)
{
    return false;
}

int bpf_open(enum bpf_stream stream, bool owners, struct nstree_error *err)
{
    (void)stream;
    (void)owners;
    return error_set(err, -EOPNOTSUPP, "bpf: not built in");
}

#endif
