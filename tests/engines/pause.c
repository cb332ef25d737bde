/* SPDX-License-Identifier: MIT */
/* The process of a pod's sandbox, as the kubelet's pause image has it: it waits, and reaps. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;)
        pause();
}
