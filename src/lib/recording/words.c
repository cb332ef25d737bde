/* SPDX-License-Identifier: MIT */
#include "recording/words.h"

const char *const words_members[N_MEMBERS] = {
#define MEMBER(name, text) [M_##name] = (text),
    MEMBER_LIST(MEMBER)
#undef MEMBER
};

const char *const words_hows[] = {
    [NSTREE_KEEPER_FD] = "fd",
    [NSTREE_KEEPER_MOUNT] = "mount",
    [NSTREE_KEEPER_CHILDREN] = "pid_for_children",
    [NSTREE_KEEPER_THREAD] = "thread",
    [NSTREE_KEEPER_UNSEEN] = "listns",
};

const char *const words_sources[] = {
    [NSTREE_SOURCE_AUTO] = "auto",
    [NSTREE_SOURCE_PROCFS] = "procfs",
    [NSTREE_SOURCE_BPF] = "bpf",
    [NSTREE_SOURCE_RECORDING] = "recording",
};

const struct mark words_ns_marks[] = {
    {M_EXACT, NSTREE_NS_INFERRED, true},
    {M_AMBIGUOUS, NSTREE_NS_AMBIGUOUS, false},
};

const struct mark words_process_marks[] = {
    {M_EXACT, NSTREE_PROCESS_INFERRED, true},
    {M_AMBIGUOUS, NSTREE_PROCESS_AMBIGUOUS, false},
    {M_KTHREAD, NSTREE_PROCESS_KTHREAD, false},
    {M_ENTERED, NSTREE_PROCESS_ENTERED, false},
    {M_LEADERLESS, NSTREE_PROCESS_LEADERLESS, false},
    {M_MATCH, NSTREE_PROCESS_MATCH, false},
};
