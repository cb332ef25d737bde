/* SPDX-License-Identifier: MIT */
#include "label/notes.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_pull.h"
#include "base/mem.h"

struct notes_list {
    char *text; /* the file */
    size_t len;
    char **ids; /* the name follows the NUL of each */
    size_t n, capacity;
};

static void list_free(struct notes_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->n; i++)
        free(list->ids[i]);
    free(list->ids);
    free(list->text);
    free(list);
}

static const char *first_name(const json_t *item)
{
    return json_string_value(json_array_get(json_object_get(item, "names"), 0));
}

/* Returns false without memory. */
static bool add_entry(struct notes_list *list, const json_t *item)
{
    const char *id = json_string_value(json_object_get(item, "id")), *name = first_name(item);

    if (!id || !name)
        return true;
    char **ids = array_room(list->ids, &list->capacity, list->n + 1, sizeof *ids);
    if (!ids)
        return false;
    list->ids = ids;
    size_t id_size = strlen(id) + 1, name_size = strlen(name) + 1;
    char *both = malloc(id_size + name_size);
    if (!both)
        return false;
    memcpy(both, id, id_size);
    memcpy(both + id_size, name, name_size);
    ids[list->n++] = both;
    return true;
}

/* Parses one element at a time: all of them at once would take many times the size of the file.
 * Stops at a syntax error, and keeps what precedes it. Returns false without memory. */
static bool read_entries(struct notes_list *list)
{
    struct json_pull pull;
    struct piece piece;
    bool memory = true;

    pull_begin(&pull, list->text, list->len);
    if (!pull_enter(&pull, '['))
        return true;
    while (memory && pull_element(&pull) == 1 && pull_value(&pull, &piece) == 0) {
        json_t *item = json_loadb(piece.at, piece.len, JSON_DECODE_ANY, NULL);

        memory = add_entry(list, item);
        json_decref(item);
    }
    return memory;
}

static struct notes_list *list_new(struct text file)
{
    struct notes_list *list = calloc(1, sizeof *list);

    if (!list)
        return NULL;
    list->text = malloc(file.len);
    list->len = file.len;
    if (list->text)
        memcpy(list->text, file.at, file.len);
    if (list->text && read_entries(list))
        return list;
    list_free(list);
    return NULL;
}

/* Finds or makes the list of a file. All bytes are compared: no timestamp or inode is trusted. */
static struct notes_list *find_list(struct notes *notes, struct text file)
{
    for (size_t i = 0; i < NOTES_LISTS; i++) {
        struct notes_list *list = notes->lists[i];

        if (list && list->len == file.len && memcmp(list->text, file.at, file.len) == 0)
            return list;
    }
    struct notes_list **place = &notes->lists[notes->next++ % NOTES_LISTS];
    list_free(*place);
    *place = list_new(file);
    notes->parsed++;
    return *place;
}

const char *notes_name(struct notes *notes, struct text file, const char *id)
{
    const struct notes_list *list = file.len > 0 ? find_list(notes, file) : NULL;

    if (!list)
        return NULL;
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->ids[i], id) == 0)
            return list->ids[i] + strlen(id) + 1;
    }
    return NULL;
}

void notes_free(struct notes *notes)
{
    for (size_t i = 0; i < NOTES_LISTS; i++)
        list_free(notes->lists[i]);
    *notes = (struct notes){0};
}
