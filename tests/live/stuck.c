/* SPDX-License-Identifier: MIT */
/*
 * Processes that block their readers, for the tests.
 *
 *     stuck run unread|taken UID   the init of a PID namespace whose /run is a FUSE file system
 *                                  that never answers a look-up: the server does not read the
 *                                  request, or reads it
 *     stuck lock N UID             N processes named `unshare`, each the parent of such an init,
 *                                  whose command lines cannot be read: one thread is in a page
 *                                  fault on FUSE and holds the lock of its memory, and one waits
 *                                  in mmap(2) for that lock, like all later readers
 *
 * Prints `proc PID` for each of these inits or parents, then `ready`. Ends with its standard input;
 * the others end with it. Exits with 77 and a reason if this machine does not allow it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES_MAX 200
#define SKIPPED 77
/* Nodes of files: the first one after the root. */
#define FIRST_NODE (FUSE_ROOT_ID + 1)

struct child {
    pid_t pid;
    int start;      /* a byte written here lets it continue */
    unsigned reads; /* of its file */
};

static struct {
    int fuse;
    int alive[2]; /* only the server has the second end, and never writes */
    int ready[2]; /* an init writes a byte once it is ready */
    uid_t uid;
    bool taken, listed;
    size_t n, held; /* children, and how many of them hold their lock */
    struct child children[PROCESSES_MAX];
} all;

__attribute__((noreturn, format(printf, 2, 3))) static void stop(int status, const char *format,
                                                                 ...)
{
    __builtin_va_list args;
    int error = errno;

    __builtin_va_start(args, format);
    vfprintf(stderr, format, args);
    __builtin_va_end(args);
    fprintf(stderr, ": %s\n", strerror(error));
    exit(status);
}

static void need(bool done, const char *what)
{
    if (!done)
        stop(SKIPPED, "%s", what);
}

/* Becomes the user, and ends with its parent, or with the server if that ends first. */
static void become_user(void)
{
    close(all.alive[1]);
    if (all.uid != 0 &&
        (setresgid(all.uid, all.uid, all.uid) != 0 || setresuid(all.uid, all.uid, all.uid) != 0))
        stop(1, "setresuid");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* ------------------------------------------------------------------------------- the FUSE server
 */

static void reply(const struct fuse_in_header *in, int error, const void *body, size_t size)
{
    struct fuse_out_header head = {
        .len = (uint32_t)(sizeof head + size), .error = -error, .unique = in->unique};
    char bytes[sizeof head + 512];

    memcpy(bytes, &head, sizeof head);
    if (size > 0)
        memcpy(bytes + sizeof head, body, size);
    if (write(all.fuse, bytes, head.len) < 0 && errno != ENOENT)
        stop(1, "answer of FUSE");
}

static struct fuse_attr attributes(uint64_t node)
{
    bool root = node == FUSE_ROOT_ID;

    return (struct fuse_attr){.ino = node,
                              .size = 4096,
                              .mode = root ? S_IFDIR | 0755 : S_IFREG | 0444,
                              .nlink = root ? 2 : 1,
                              .blksize = 4096};
}

/* `fN` is a file. Look-ups of other names are never answered. */
static void look_up(const struct fuse_in_header *in, const char *name)
{
    struct fuse_entry_out entry = {.entry_valid = 1000, .attr_valid = 1000};

    if (name[0] != 'f' || name[1] < '0' || name[1] > '9')
        return;
    entry.nodeid = FIRST_NODE + strtoul(name + 1, NULL, 10);
    entry.attr = attributes(entry.nodeid);
    reply(in, 0, &entry, sizeof entry);
}

/*
 * The first read fails, the second is never answered. During the first, the page fault drops the
 * lock, and takes it again for the second (filemap_fault() in mm/filemap.c).
 */
static void read_page(const struct fuse_in_header *in)
{
    struct child *child = &all.children[in->nodeid - FIRST_NODE];

    if (child->reads++ == 0)
        reply(in, EIO, NULL, 0);
    else if (child->reads == 2 && write(child->start, "", 1) == 1)
        all.held++;
}

static void answer(const struct fuse_in_header *in, const void *body)
{
    const struct fuse_init_out init = {
        .major = FUSE_KERNEL_VERSION, .minor = 31, .max_readahead = 0, .max_write = 4096};
    const struct fuse_attr_out attr = {.attr_valid = 1000, .attr = attributes(in->nodeid)};
    const struct fuse_open_out opened = {0};

    switch (in->opcode) {
    case FUSE_INIT:
        reply(in, 0, &init, sizeof init);
        break;
    case FUSE_LOOKUP:
        look_up(in, body);
        break;
    case FUSE_GETATTR:
        reply(in, 0, &attr, sizeof attr);
        break;
    case FUSE_OPEN:
        reply(in, 0, &opened, sizeof opened);
        break;
    case FUSE_READ:
        read_page(in);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break;
    default:
        reply(in, ENOSYS, NULL, 0);
    }
}

/* Serves one request. */
static void serve(void)
{
    static _Alignas(struct fuse_in_header) char bytes[FUSE_MIN_READ_BUFFER + 4096];
    ssize_t got = read(all.fuse, bytes, sizeof bytes);

    if (got >= (ssize_t)sizeof(struct fuse_in_header))
        answer((const void *)bytes, bytes + sizeof(struct fuse_in_header));
    else if (got < 0 && errno != EINTR && errno != ENOENT && errno != EAGAIN)
        stop(1, "FUSE");
}

/* Makes a private mount namespace. */
static void unshare_mounts(void)
{
    need(unshare(CLONE_NEWNS) == 0, "a mount namespace");
    need(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private mounts");
}

static void mount_fuse(const char *where)
{
    char options[128];

    all.fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    need(all.fuse >= 0, "/dev/fuse");
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
             all.fuse);
    need(mount("stuck", where, "fuse", MS_NOSUID | MS_NODEV, options) == 0, "FUSE");
    serve(); /* its greeting */
}

/* ----------------------------------------------------------------------------------- its victims
 */

/* A mount namespace and a root directory of its own make it look like a container. */
static int be_init(void *root)
{
    if (unshare(CLONE_NEWNS) != 0 || chroot(root) != 0)
        stop(1, "chroot");
    prctl(PR_SET_NAME, "stuckinit");
    become_user();
    char byte;
    if (write(all.ready[1], "", 1) != 1)
        stop(1, "pipe");
    while (read(all.alive[0], &byte, 1) < 0)
        ;
    return 0;
}

/* Not unshare(2): after that, no threads can be made. */
static pid_t start_init(char *root)
{
    static _Alignas(16) char stack[65536];
    char byte;

    if (pipe2(all.ready, O_CLOEXEC) != 0)
        stop(1, "pipe");
    pid_t pid = clone(be_init, stack + sizeof stack, CLONE_NEWPID | SIGCHLD, root);

    need(pid > 0, "a PID namespace");
    close(all.ready[1]);
    if (read(all.ready[0], &byte, 1) != 1)
        stop(1, "an init ended");
    close(all.ready[0]);
    return pid;
}

static void *touch(void *page)
{
    return (void *)(uintptr_t) * (volatile char *)page;
}

/* The parent of an init. Its memory becomes locked for all others. */
__attribute__((noreturn)) static void be_locked(size_t index, int start)
{
    pthread_t thread;
    char name[32], byte;

    snprintf(name, sizeof name, "/run/f%zu", index);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        stop(1, "%s", name);
    if (unshare(CLONE_NEWNS) != 0 || umount2("/run", MNT_DETACH) != 0)
        stop(1, "umount");
    start_init((char[]){"/"});
    become_user();
    prctl(PR_SET_NAME, "unshare");
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED || madvise(page, 4096, MADV_RANDOM) != 0 ||
        pthread_create(&thread, NULL, touch, page) != 0)
        stop(1, "a thread");
    if (read(start, &byte, 1) == 1) /* it has the lock */
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (;;)
        pause();
}

static void fork_locked(size_t index)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        stop(1, "pipe");
    pid_t pid = fork();
    if (pid < 0)
        stop(1, "fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(all.fuse);
        be_locked(index, ends[0]);
    }
    close(ends[0]);
    all.children[index] = (struct child){.pid = pid, .start = ends[1]};
}

/* Whether it waits for its own lock: in state D, mmap(2) waits for nothing else. */
static bool is_locked(pid_t pid)
{
    char path[32], line[256] = "";

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file))
        stop(1, "%s", path);
    fclose(file);
    const char *end = strrchr(line, ')');
    return end && end[1] == ' ' && end[2] == 'D';
}

static void list(void)
{
    for (size_t i = 0; i < all.n; i++) {
        while (!is_locked(all.children[i].pid))
            sched_yield();
        printf("proc %d\n", (int)all.children[i].pid);
    }
    printf("ready\n");
    fflush(stdout);
    all.listed = true;
}

/* Serves until the standard input ends. */
static void serve_all(bool reads)
{
    struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = all.fuse, .events = POLLIN}};

    for (;;) {
        if (poll(fds, reads ? 2 : 1, -1) < 0 && errno != EINTR)
            stop(1, "poll");
        if (fds[0].revents)
            exit(0);
        if (reads && fds[1].revents)
            serve();
        if (all.n > 0 && all.held == all.n && !all.listed)
            list();
    }
}

static void run(const char *how)
{
    prctl(PR_SET_NAME, "exe"); /* as Buildah's runtime */
    unshare_mounts();
    need(mount("stuck", "/run", "tmpfs", 0, NULL) == 0, "a tmpfs");
    if (mkdir("/run/run", 0755) != 0)
        stop(1, "/run/run");
    mount_fuse("/run/run");
    printf("proc %d\nready\n", (int)start_init((char[]){"/run"}));
    fflush(stdout);
    serve_all(strcmp(how, "taken") == 0);
}

static void lock(const char *count)
{
    all.n = strtoul(count, NULL, 10);
    if (all.n == 0 || all.n > PROCESSES_MAX)
        stop(2, "stuck: %s", count);
    unshare_mounts();
    mount_fuse("/run");
    for (size_t i = 0; i < all.n; i++)
        fork_locked(i);
    serve_all(true);
}

/* They live until this process ends. */

static void end(int signal)
{
    (void)signal;
    _exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: stuck run unread|taken UID, stuck lock N UID\n", stderr);
        return 2;
    }
    signal(SIGCHLD, end);
    if (pipe2(all.alive, O_CLOEXEC) != 0)
        stop(1, "pipe");
    all.uid = (uid_t)strtoul(argv[3], NULL, 10);
    if (strcmp(argv[1], "run") == 0)
        run(argv[2]);
    else
        lock(argv[2]);
}
