/* SPDX-License-Identifier: MIT */
#include "scan/args.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/parse.h"
#include "kernel/patience.h"
#include "scan/all.h"

#define BATCH 32
#define HELPERS_MAX 8

/* Limits, as the kernel would give megabytes. Of each command line BYTES_EACH are read, beyond
 * BYTES_FULL in all only BYTES_SHORT, and none beyond BYTES_ALL. */
#define BYTES_EACH ((size_t)256 << 10)
#define BYTES_FULL ((size_t)16 << 20)
#define BYTES_SHORT ((size_t)4 << 10)
#define BYTES_ALL ((size_t)64 << 20)

/* A process, and where its command line is in `bytes`. */
struct item {
    uint32_t index; /* of its draft; the helper does not need it */
    uint32_t pid;
    uint32_t levels, nspid[NSTREE_LEVELS_MAX];
    uint64_t dir; /* as in struct draft */
    size_t at, len;
};

/* The contents of a helper's room. */
struct batch {
    struct item items[BATCH];
    char bytes[HELPER_ROOM - BATCH * sizeof(struct item)];
};
_Static_assert(sizeof(struct batch) <= HELPER_ROOM, "a batch has to fit into the room");

struct slot {
    struct helper *helper;
    struct helper own;
    uint32_t n; /* processes in its batch; 0: it is idle */
    size_t max; /* bytes of a command line */
};

struct reading {
    struct scanner *scanner;
    struct patience *patience;
    struct slot slots[HELPERS_MAX];
    size_t n_slots;
    size_t next;                         /* the first draft that was in no batch yet */
    uint32_t again[HELPERS_MAX * BATCH]; /* drafts that are left of batches */
    size_t n_again;
    size_t bytes; /* that were read */
};

/* ---- In the helper */

/* Reads a file into bytes[0..max), all at once. Returns its length or a negative errno. */
static ssize_t read_file(const struct procfs *fs, int dir, const char *path, char *bytes,
                         size_t max)
{
    AUTO_CLOSE int fd = procfs_open_file(fs, dir, path, O_NOFOLLOW);
    if (fd < 0)
        return fd;
    ssize_t got = read(fd, bytes, max); /* a helper blocks all signals: no EINTR */
    return got < 0 ? -errno : got;
}

/* Whether the process of an open directory has the PIDs of this one. */
static bool is_same(const struct procfs *fs, int dir, const struct item *item, char *bytes,
                    size_t size)
{
    struct status status;
    ssize_t len = read_file(fs, dir, "status", bytes, size);

    return len > 0 && parse_status(bytes, (size_t)len, true, &status) == 0 &&
           status.levels == item->levels &&
           memcmp(status.nspid, item->nspid, item->levels * sizeof *item->nspid) == 0;
}

/* Reads it through its open directory: lookups fail once the process is gone. */
static ssize_t read_held(const struct procfs *fs, const struct item *item, const char *name,
                         char *bytes, size_t size, size_t max)
{
    AUTO_CLOSE int dir = openat(fs->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (dir < 0 || !is_same(fs, dir, item, bytes, size))
        return -ESRCH;
    return read_file(fs, dir, "cmdline", bytes, max);
}

/* Reads it by its PID. If its directory still has the inode that was listed, the PID has been its
 * own all the time (check_alive() in procfs.c). */
static ssize_t read_one(const struct procfs *fs, const struct item *item, char *bytes, size_t size,
                        size_t max)
{
    char path[32];
    struct stat st;
    int end = snprintf(path, sizeof path, "%u", (unsigned)item->pid);

    if (item->dir) {
        strcpy(path + end, "/cmdline");
        ssize_t len = read_file(fs, fs->fd, path, bytes, max);

        path[end] = '\0';
        if (len >= 0 && fstatat(fs->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            st.st_ino == item->dir)
            return len;
    }
    return read_held(fs, item, path, bytes, size, max);
}

static ssize_t run_batch(const struct errand *errand, struct helper_shared *shared, int *none)
{
    const struct procfs fs = {.fd = errand->dir, .live = errand->live};
    struct batch *batch = (struct batch *)(void *)shared->room;
    size_t at = 0;
    uint32_t i = 0;

    (void)none;
    for (; i < errand->n && sizeof batch->bytes - at >= errand->max; i++) {
        struct item *item = &batch->items[i];
        ssize_t len = read_one(&fs, item, batch->bytes + at, sizeof batch->bytes - at, errand->max);

        item->at = at;
        item->len = len > 0 ? (size_t)len : 0;
        at += item->len;
        atomic_store_explicit(&shared->progress, i + 1, memory_order_release);
    }
    return (ssize_t)i;
}

/* ---- In the caller */

static struct batch *batch_of(const struct slot *slot)
{
    return (struct batch *)(void *)slot->helper->shared->room;
}

/* How many bytes of a command line may be read now. */
static size_t limit(const struct reading *reading)
{
    return reading->bytes < BYTES_FULL ? BYTES_EACH : reading->bytes < BYTES_ALL ? BYTES_SHORT : 0;
}

/* Whether to read that of a process. If not, counts it, unless it has none. */
static bool is_wanted(const struct reading *reading, const struct draft *draft, size_t max)
{
    if (draft->process.flags & NSTREE_PROCESS_KTHREAD)
        return false;
    if (max == 0) {
        reading->patience->beyond++;
        return false;
    }
    if (!patience_lasts(reading->patience, draft->process.uid)) {
        reading->patience->unanswered++;
        return false;
    }
    return true;
}

static void fill_item(struct item *item, const struct draft *draft, size_t index)
{
    const struct nstree_process *process = &draft->process;

    item->index = (uint32_t)index;
    item->pid = process->pid;
    item->dir = draft->dir;
    item->levels = process->levels;
    memcpy(item->nspid, process->nspid, process->levels * sizeof *process->nspid);
}

/* Finds the next draft. Those that are left of batches come first, so that they always fit into
 * `again`. Returns false at the end. */
static bool next_draft(struct reading *reading, uint32_t *index)
{
    if (reading->n_again > 0)
        *index = reading->again[--reading->n_again];
    else if (reading->next < reading->scanner->builder->n_drafts)
        *index = (uint32_t)reading->next++;
    else
        return false;
    return true;
}

/* Puts the next batch into the room. */
static void fill(struct reading *reading, struct slot *slot)
{
    const struct builder *builder = reading->scanner->builder;
    struct batch *batch = batch_of(slot);
    uint32_t index;

    slot->n = 0;
    slot->max = limit(reading);
    while (slot->n < BATCH && next_draft(reading, &index)) {
        if (is_wanted(reading, &builder->drafts[index], slot->max))
            fill_item(&batch->items[slot->n++], &builder->drafts[index], index);
    }
}

/* Puts back what is left of a batch, from the item `first` on. */
static void put_back(struct reading *reading, struct slot *slot, uint32_t first)
{
    for (uint32_t i = first; i < slot->n; i++)
        reading->again[reading->n_again++] = batch_of(slot)->items[i].index;
    slot->n = 0;
}

static struct errand errand_of(const struct reading *reading, const struct slot *slot)
{
    const struct procfs *fs = reading->scanner->fs;

    return (struct errand){
        .run = run_batch, .dir = fs->fd, .n = slot->n, .max = slot->max, .live = fs->live};
}

/* Sends a helper for the next batch. If that fails, other helpers get the batch. */
static void send(struct reading *reading, struct slot *slot)
{
    slot->n = 0;
    if (!helper_room(slot->helper))
        return;
    fill(reading, slot);
    const struct errand errand = errand_of(reading, slot);
    if (slot->n > 0 && reading->scanner->fs->live && helper_send(slot->helper, &errand) != 0)
        put_back(reading, slot, 0);
}

/* Copies the command lines of the first n items to their drafts. Returns 0 or -ENOMEM. */
static int take(struct reading *reading, const struct slot *slot, uint32_t n)
{
    struct builder *builder = reading->scanner->builder;
    struct batch *batch = batch_of(slot);

    for (uint32_t i = 0; i < n; i++) {
        const struct item *item = &batch->items[i];
        char *text = batch->bytes + item->at;
        size_t len = parse_cmdline(text, item->len);

        reading->bytes += item->len;
        reading->patience->beyond += item->len == slot->max;
        if (len == 0)
            continue;
        text = arena_string(&builder->arena, text, len);
        if (!text)
            return -ENOMEM;
        builder->drafts[item->index].process.args = text;
    }
    return 0;
}

/* Counts the item that a helper is stuck at: the first that it has not read. It is given up. */
static void blame(struct reading *reading, const struct slot *slot, uint32_t done, int rc)
{
    const struct item *item = &batch_of(slot)->items[done];

    if (rc == -ETIMEDOUT)
        patience_blame(reading->patience,
                       reading->scanner->builder->drafts[item->index].process.uid);
    else
        reading->patience->wanting++;
}

/* Waits for a helper, takes what it has read, and puts back the rest. Returns 0 or -ENOMEM. */
static int collect(struct reading *reading, struct slot *slot)
{
    const struct errand errand = errand_of(reading, slot);
    ssize_t result = 0;
    int none = -1, rc = 0;

    if (reading->scanner->fs->live)
        rc = patience_wait(reading->patience, slot->helper, false, &result, &none);
    else /* nothing in a recorded tree waits */
        result = run_batch(&errand, slot->helper->shared, &none);
    uint32_t done =
        rc == 0 ? (uint32_t)result
                : atomic_load_explicit(&slot->helper->shared->progress, memory_order_acquire);
    int taken = take(reading, slot, done);
    if (rc != 0 && done < slot->n)
        blame(reading, slot, done++, rc);
    put_back(reading, slot, done);
    return taken;
}

/* Counts what is left if there are no helpers. */
static void count_rest(struct reading *reading)
{
    uint32_t index;

    while (next_draft(reading, &index))
        reading->patience->wanting +=
            is_wanted(reading, &reading->scanner->builder->drafts[index], limit(reading));
}

static int read_all(struct reading *reading)
{
    bool busy = true;
    int rc = 0;

    for (size_t i = 0; i < reading->n_slots; i++)
        send(reading, &reading->slots[i]);
    while (rc == 0 && busy) {
        busy = false;
        for (size_t i = 0; i < reading->n_slots && rc == 0; i++) {
            struct slot *slot = &reading->slots[i];

            if (slot->n == 0)
                continue;
            rc = collect(reading, slot);
            send(reading, slot);
            busy = true;
        }
    }
    count_rest(reading);
    return rc;
}

int scan_args(struct scanner *scanner)
{
    struct reading reading = {.scanner = scanner, .patience = scanner->fs->patience};
    size_t n = scanner->fs->live ? scan_threads(scanner->builder->n_drafts) : 1;

    reading.n_slots = n < 1 ? 1 : n > HELPERS_MAX ? HELPERS_MAX : n;
    for (size_t i = 0; i < reading.n_slots; i++)
        reading.slots[i].helper = &reading.slots[i].own;
    reading.slots[0].helper = &reading.patience->helper; /* used for labels, too */
    int rc = read_all(&reading);
    for (size_t i = 1; i < reading.n_slots; i++)
        helper_end(&reading.slots[i].own);
    return rc;
}
