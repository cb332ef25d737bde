/* SPDX-License-Identifier: MIT */
#include "kernel/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "kernel/borrowed.h"

#ifndef SYS_close_range /* the same on all architectures (Linux 5.9) */
#define SYS_close_range 436
#endif

#define STACK_BYTES ((size_t)256 << 10)
/* Without close_range(2), descriptors above this stay open in the helper. */
#define DESCRIPTORS 1024

/* Sends bytes and, unless it is -1, a descriptor. Returns whether that succeeded. */
static bool send_with(int sock, const void *bytes, size_t size, int fd)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
                            .cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS}};
    struct iovec iov = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
    ssize_t sent;

    if (fd >= 0) {
        memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
    }
    do
        sent = sendmsg(sock, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size;
}

/* The counterpart. *fd is -1 if there is no descriptor. */
static bool receive_with(int sock, void *bytes, size_t size, int *fd)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = {.iov_base = bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got;

    *fd = -1;
    do
        got = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const struct cmsghdr *first = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (first && first->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(first), sizeof *fd);
    return got == (ssize_t)size;
}

/* Closes all descriptors but one. A stuck helper must not keep a pipe of the caller open. */
static void close_all_but(int fd)
{
    if (syscall(SYS_close_range, fd + 1, ~0U, 0) == 0 &&
        (fd == 0 || syscall(SYS_close_range, 0, fd - 1, 0) == 0))
        return;
    for (int other = 0; other < DESCRIPTORS; other++) {
        if (other != fd)
            close(other);
    }
}

/* Keeps a helper on one CPU. Its caller sleeps meanwhile, and to wake each other on two idle CPUs
 * takes several times as long as the whole errand. */
static void stay_on(int cpu)
{
    cpu_set_t only;

    if (cpu < 0 || cpu >= CPU_SETSIZE)
        return;
    CPU_ZERO(&only);
    CPU_SET((size_t)cpu, &only);
    sched_setaffinity(0, sizeof only, &only);
}

/* The main function of a helper. It ends with its caller, or when the caller closes the socket. */
static int serve(void *argument)
{
    const struct helper *helper = argument;
    struct borrowed borrowed;
    struct errand errand;
    int fd = -1, sock = helper->sock;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (borrowed_look(&borrowed) != 0)
        return 1;
    AUTO_LOAN struct loan loan = borrowed_withhold(&borrowed);
    stay_on(helper->cpu);
    close_all_but(sock);
    while (receive_with(sock, &errand, sizeof errand, &errand.dir)) {
        ssize_t result = errand.run(&errand, helper->shared, &fd);

        if (!send_with(sock, &result, sizeof result, fd))
            break;
        if (fd >= 0)
            close(fd);
        if (errand.dir >= 0)
            close(errand.dir);
        fd = -1;
    }
    return 0;
}

/* Makes a copy of this process that runs serve(), as fork(2), but without a signal when it ends.
 * All signals are blocked in it, as the handlers are the caller's. */
static pid_t start(struct helper *helper)
{
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    sigset_t all, before;

    if (stack == MAP_FAILED)
        return -ENOMEM;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = clone(serve, stack + STACK_BYTES, 0, helper);
    if (pid < 0 && errno == EINVAL) /* qemu-user only knows the flags of fork(2) */
        pid = clone(serve, stack + STACK_BYTES, SIGCHLD, helper);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, STACK_BYTES);
    return pid < 0 ? -error : pid;
}

struct helper_shared *helper_room(struct helper *helper)
{
    if (helper->spent) {
        munmap(helper->shared, sizeof *helper->shared);
        helper->shared = NULL;
        helper->spent = false;
    }
    if (!helper->shared) {
        void *shared = mmap(NULL, sizeof *helper->shared, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        helper->shared = shared == MAP_FAILED ? NULL : shared;
    }
    return helper->shared;
}

static int make(struct helper *helper)
{
    int ends[2];

    if (!helper_room(helper))
        return -ENOMEM;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return errno == EMFILE || errno == ENFILE ? -errno : -EAGAIN;
    struct helper its = {
        .sock = ends[1], .shared = helper->shared, .cpu = helper->near ? sched_getcpu() : -1};
    pid_t pid = start(&its);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return pid == -ENOMEM ? -ENOMEM : -EAGAIN;
    }
    helper->pid = pid;
    helper->sock = ends[0];
    return 0;
}

int helper_send(struct helper *helper, const struct errand *errand)
{
    int rc = 0;

    if (helper->pid == 0)
        rc = make(helper);
    if (rc != 0)
        return rc;
    atomic_store_explicit(&helper->shared->progress, 0, memory_order_relaxed);
    if (send_with(helper->sock, errand, sizeof *errand, errand->dir))
        return 0;
    helper_reap(helper_give_up(helper)); /* it has died */
    return -EAGAIN;
}

bool helper_is_back(const struct helper *helper, int milliseconds)
{
    struct pollfd poll_fd = {.fd = helper->sock, .events = POLLIN};

    return poll(&poll_fd, 1, milliseconds) > 0;
}

bool helper_is_running(const struct helper *helper)
{
    char text[256];
    int ppid;

    snprintf(text, sizeof text, "/proc/%d/stat", (int)helper->pid);
    AUTO_CLOSE int fd = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    text[len > 0 ? len : 0] = '\0';
    const char *end = strrchr(text, ')');
    /* If /proc is of another PID namespace, that PID is another process's. */
    return end && sscanf(end, ") R %d", &ppid) == 1 && ppid == getpid();
}

bool helper_answer(struct helper *helper, ssize_t *result, int *fd)
{
    return receive_with(helper->sock, result, sizeof *result, fd);
}

pid_t helper_give_up(struct helper *helper)
{
    pid_t pid = helper->pid;

    kill(pid, SIGKILL);
    close(helper->sock);
    helper->pid = 0;
    helper->spent = true;
    return pid;
}

bool helper_reap(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG | __WALL) != 0;
}

void helper_end(struct helper *helper)
{
    if (helper->pid > 0) {
        shutdown(helper->sock, SHUT_RDWR); /* a fork of the caller may have it open, too */
        close(helper->sock);
        while (waitpid(helper->pid, NULL, __WALL) < 0 && errno == EINTR)
            ;
    }
    if (helper->shared)
        munmap(helper->shared, sizeof *helper->shared);
    *helper = (struct helper){0};
}
