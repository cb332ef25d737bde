/* SPDX-License-Identifier: MIT */
#include "scan/asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The caller is in the initial user namespace as far as a recorded tree can say. */
static void read_own_user_ns(struct asking *asking)
{
    char *out = asking->user_ns;
    size_t size = sizeof asking->user_ns;
    ssize_t len = snprintf(out, size, "user:[%u]", USER_INITIAL_INODE);

    if (asking->fs->live)
        len = readlinkat(asking->fs->fd, "self/ns/user", out, size - 1);
    out[len > 0 ? len : 0] = '\0';
}

void asking_begin(struct asking *asking)
{
    asking->caller = asking->fs->live ? getuid() : 0;
    read_own_user_ns(asking);
}

void asking_end(struct asking *asking)
{
    notes_free(&asking->notes);
    for (size_t i = 0; i < ASKING_LISTS; i++)
        free(asking->lists[i].buffer);
}

void asking_witness(const struct asking *asking, struct witness *witness,
                    const struct nstree_process *process)
{
    witness_open(witness, asking->fs, process->name, process->pid, process->uid);
}

/* Where the list that is requested is; empty: it is none, or that is not known. */
static void place_of(const struct trial *trial, struct witness *witness, char *place, size_t size)
{
    const char *path = trial->request.path;
    bool names = trial->request.fact == FACT_NAMES;

    place[0] = '\0';
    if (!names && !text_ends(text_of(path), "/containers.json"))
        return;
    struct text root = witness_root(witness);
    if (root.at)
        snprintf(place, size, "%d %u %.*s %s", names, (unsigned)witness->evidence.uid,
                 (int)root.len, root.at, path);
}

/* The list of a place, or else a free one, or NULL. */
static struct asked_list *find_list(struct asked_list *lists, const char *place)
{
    for (size_t i = 0; i < ASKING_LISTS; i++) {
        if (!lists[i].place[0] || strcmp(lists[i].place, place) == 0)
            return &lists[i];
    }
    return NULL;
}

/* Reads a file. Processes of one user in one mount namespace find the same list: it is read once,
 * because the number of bytes to read would grow with the square of the number of containers. */
static struct text read_file(struct asked_list *lists, const struct trial *trial,
                             struct witness *witness, char **buffer, bool *readable)
{
    char place[sizeof lists->place];

    place_of(trial, witness, place, sizeof place);
    struct asked_list *list = place[0] ? find_list(lists, place) : NULL;
    if (list && list->place[0]) {
        *readable = list->readable;
        return list->text;
    }
    struct text (*read)(struct witness *, const char *, char **, bool *) =
        trial->request.fact == FACT_NAMES ? witness_names : witness_file;
    struct text text = read(witness, trial->request.path, buffer, readable);
    if (list) {
        *list = (struct asked_list){.text = text, .readable = *readable, .buffer = *buffer};
        *buffer = NULL;
        strcpy(list->place, place);
    }
    return text;
}

static void answer(struct asking *asking, struct trial *trial, struct witness *const *witnesses,
                   char **buffers)
{
    struct witness *witness = witnesses[trial->request.who];
    bool readable;

    if (trial->request.fact >= FACT_FILE) {
        struct text text =
            read_file(asking->lists, trial, witness, &buffers[trial->n_files], &readable);
        trial_answer(trial, text, readable);
    } else {
        trial_answer(trial, witness_fact(witness, trial->request.fact), true);
    }
}

void asking_judge(struct asking *asking, struct trial *trial, struct witness *const *witnesses,
                  struct label *label)
{
    char *buffers[TRIAL_FILES_MAX] = {0};

    trial->wsl = asking->wsl;
    trial->notes = &asking->notes;
    trial->borrowed = asking->fs->borrowed.effective != 0;
    trial->caller = asking->caller;
    trial->user_ns =
        (struct text){asking->user_ns[0] ? asking->user_ns : NULL, strlen(asking->user_ns)};
    for (size_t i = 0; i < WHO_COUNT; i++)
        trial->evidence[i] = witnesses[i] ? &witnesses[i]->evidence : NULL;
    while (!judge_namespace(trial, label))
        answer(asking, trial, witnesses, buffers);
    for (size_t i = 0; i < TRIAL_FILES_MAX; i++)
        free(buffers[i]);
}

/* NULL for what is empty. */
static const char *given(const char *text)
{
    return text[0] ? text : NULL;
}

void asking_describe(const struct label *label, struct nstree_container *out)
{
    const struct found *found = &label->found;

    *out = (struct nstree_container){
        .kind = label->kind,
        .label = label->text,
        .evidence = label->evidence,
        .name = given(found->name),
        .id = given(found->id),
        .k8s_namespace = given(found->k8s_namespace),
        .pod = given(found->pod),
        .image = given(found->image),
        .total = NSTREE_TOTAL_UNKNOWN,
    };
}
