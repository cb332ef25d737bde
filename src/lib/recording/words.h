/* SPDX-License-Identifier: MIT */
/* The words of a recording, which load.c reads and save.c writes. Pure. */
#pragma once

#include "nstree.h"

#define RECORDING_SCHEMA 1

/* The largest ID of a namespace that is a number. Above, it is a string. */
#define NSID_NUMBER_MAX (UINT64_C(1) << 53)

/* The members of all objects. load.c tries a name first with the one behind the last: so those of a
 * process come first, in the order in which save.c writes them. A text that need not be UTF-8 is
 * followed by NAME_HEX, which has its bytes where it is not. */
#define MEMBER_LIST(X)                                                                             \
    X(PID, "pid")                                                                                  \
    X(PPID, "ppid")                                                                                \
    X(NS, "ns")                                                                                    \
    X(NSPID, "nspid")                                                                              \
    X(NAME, "name")                                                                                \
    X(NAME_HEX, "name_hex")                                                                        \
    X(ARGS, "args")                                                                                \
    X(ARGS_HEX, "args_hex")                                                                        \
    X(STATE, "state")                                                                              \
    X(UID, "uid")                                                                                  \
    X(EXACT, "exact")                                                                              \
    X(AMBIGUOUS, "ambiguous")                                                                      \
    X(KTHREAD, "kthread")                                                                          \
    X(ENTERED, "entered")                                                                          \
    X(LEADERLESS, "leaderless")                                                                    \
    X(MATCH, "match")                                                                              \
    X(CONTAINER, "container")                                                                      \
    X(START, "start")                                                                              \
    X(RSS, "rss")                                                                                  \
    X(CPU, "cpu")                                                                                  \
    X(THREADS, "threads")                                                                          \
    X(ID, "id")                                                                                    \
    X(ID_HEX, "id_hex")                                                                            \
    X(PARENT, "parent")                                                                            \
    X(LEVEL, "level")                                                                              \
    X(INIT, "init")                                                                                \
    X(MEMBERS, "members")                                                                          \
    X(INFERRED, "inferred")                                                                        \
    X(ZOMBIES, "zombies")                                                                          \
    X(NSID, "nsid")                                                                                \
    X(OWNER_UID, "owner_uid")                                                                      \
    X(USER_NS, "user_ns")                                                                          \
    X(KIND, "kind")                                                                                \
    X(KIND_HEX, "kind_hex")                                                                        \
    X(LABEL, "label")                                                                              \
    X(LABEL_HEX, "label_hex")                                                                      \
    X(EVIDENCE, "evidence")                                                                        \
    X(EVIDENCE_HEX, "evidence_hex")                                                                \
    X(POD, "pod")                                                                                  \
    X(POD_HEX, "pod_hex")                                                                          \
    X(K8S_NAMESPACE, "k8s_namespace")                                                              \
    X(K8S_NAMESPACE_HEX, "k8s_namespace_hex")                                                      \
    X(IMAGE, "image")                                                                              \
    X(IMAGE_HEX, "image_hex")                                                                      \
    X(OTHERS, "others")                                                                            \
    X(KEEPERS, "keepers")                                                                          \
    X(HOW, "how")                                                                                  \
    X(TID, "tid")                                                                                  \
    X(FD, "fd")                                                                                    \
    X(PATH, "path")                                                                                \
    X(PATH_HEX, "path_hex")                                                                        \
    X(SCHEMA, "schema")                                                                            \
    X(HOST, "host")                                                                                \
    X(HOST_HEX, "host_hex")                                                                        \
    X(KERNEL, "kernel")                                                                            \
    X(KERNEL_HEX, "kernel_hex")                                                                    \
    X(TAKEN, "taken")                                                                              \
    X(COMPLETE, "complete")                                                                        \
    X(SELECTION, "selection")                                                                      \
    X(FLAT, "flat")                                                                                \
    X(CONTAINERS, "containers")                                                                    \
    X(NAMESPACES, "namespaces")                                                                    \
    X(PROCESSES, "processes")                                                                      \
    X(NSTREE, "nstree")                                                                            \
    X(SOURCE, "source")

enum member {
#define MEMBER(name, text) M_##name,
    MEMBER_LIST(MEMBER) N_MEMBERS,
#undef MEMBER
    N_READ = M_NSTREE /* from here on they are not read */
};

extern const char *const words_members[N_MEMBERS];
extern const char *const words_hows[NSTREE_KEEPER_UNSEEN + 1];
extern const char *const words_sources[NSTREE_SOURCE_RECORDING + 1];

/* A member that says whether a flag is set. */
struct mark {
    enum member member;
    uint32_t flag;
    bool usual; /* the value where the flag is not set; recorded only if it is true */
};

#define NS_MARKS 2
#define PROCESS_MARKS 6

/* "exact" and "ambiguous" come first. */
extern const struct mark words_ns_marks[NS_MARKS];
extern const struct mark words_process_marks[PROCESS_MARKS];
