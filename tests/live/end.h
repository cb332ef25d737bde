/* SPDX-License-Identifier: MIT */
/*
 * For nest and forest: waiting, and the end of all processes that they make. Those do not inherit
 * the descriptors that would keep them alive. See nest.c.
 */
#pragma once

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* An old libc lacks these. They are the same on x86-64 and arm64. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLONE_NEWPID
#define CLONE_NEWPID 0x20000000
#endif

/* In a made process, the pipe that ends with its maker. */
enum { LIFE = 0 };

/* Closes all but the standard descriptors, so that made processes do not inherit any. */
static inline void close_others(void)
{
    if (syscall(SYS_close_range, 3U, UINT_MAX, 0U) != 0) {
        for (int fd = 3; fd < 1024; fd++)
            close(fd);
    }
}

/* Blocks the signals that would end this process. To be called before anything is made. Returns a
 * signalfd for them, or -1. */
static inline int block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGCHLD, SIG_DFL); /* SIG_IGN would reap zombies that have to stay */
    signal(SIGPIPE, SIG_DFL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Waits for the end of standard input, or for a signal. */
static inline void await_end(int signals)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = signals, .events = POLLIN}};
    char bytes[256];

    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return;
        if (fds[1].revents != 0)
            return;
        if (fds[0].revents != 0 && read(STDIN_FILENO, bytes, sizeof bytes) <= 0)
            return;
    }
}

/* A made process drops its maker's standard descriptors (a test reads standard output to its end)
 * and blocked signals. */
static inline void take_life(int life_in)
{
    sigset_t none;

    for (int fd = 0; fd <= 2; fd++)
        dup2(life_in, fd);
    close(life_in);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Whether the maker is gone, or ends within that time. */
static inline bool life_ended(int life, int milliseconds)
{
    struct pollfd end = {.fd = life, .events = POLLIN};

    return poll(&end, 1, milliseconds) > 0;
}

/* Does nothing until the maker is gone. */
static inline _Noreturn void hold_on(int life)
{
    char byte;

    while (read(life, &byte, 1) < 0 && errno == EINTR)
        continue;
    _exit(0);
}
