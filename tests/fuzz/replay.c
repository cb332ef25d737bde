/* SPDX-License-Identifier: MIT */
/* Feeds files, and files of directories, to a fuzz target, one after another. So the ordinary tests
 * run a corpus, built by the ordinary compiler. A target that finds a fault aborts. */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

static size_t fed;

static void feed_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, capacity = 0;

    CHECK(file);
    do {
        capacity = capacity * 2 + 4096;
        text = realloc(text, capacity);
        CHECK(text);
        size += fread(text + size, 1, capacity - size, file);
    } while (size == capacity);
    CHECK(!ferror(file));
    fclose(file);
    char *exact = exact_copy(text, size);
    free(text);
    /* If the target aborts, the last line names the input. */
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput((const uint8_t *)exact, size);
    free(exact);
    fed++;
}

static void feed(const char *path)
{
    struct stat st;
    struct dirent **names;

    CHECK(stat(path, &st) == 0);
    if (!S_ISDIR(st.st_mode)) {
        feed_file(path);
        return;
    }
    int n = scandir(path, &names, NULL, alphasort);
    CHECK(n >= 0);
    for (int i = 0; i < n; i++) {
        char inner[4096];

        snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            feed(inner);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        feed(argv[i]);
    return fed > 0 ? 0 : 1; /* without any input, nothing was tested */
}
