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
    struct notes_entry *entries;
    size_t n, capacity;
};

static void list_free(struct notes_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->n; i++)
        free(list->entries[i].all);
    free(list->entries);
    free(list->text);
    free(list);
}

static const char *first_name(const json_t *item)
{
    return json_string_value(json_array_get(json_object_get(item, "names"), 0));
}

/* The name of the image is in JSON within JSON. Podman and CRI-O write both alike
 * (RuntimeContainerMetadata in libpod/storage.go). The result is the caller's. */
static json_t *load_metadata(const json_t *item)
{
    const json_t *text = json_object_get(item, "metadata");

    return text ? json_loadb(json_string_value(text), json_string_length(text), 0, NULL) : NULL;
}

/* Returns false without memory. */
static bool fill_entry(struct notes_entry *entry, const char *id, const char *name,
                       const char *image)
{
    size_t id_size = strlen(id) + 1, name_size = strlen(name) + 1, image_size = strlen(image) + 1;

    entry->all = malloc(id_size + name_size + image_size);
    if (!entry->all)
        return false;
    entry->id = memcpy(entry->all, id, id_size);
    entry->name = memcpy(entry->all + id_size, name, name_size);
    entry->image = memcpy(entry->all + id_size + name_size, image, image_size);
    return true;
}

/* Returns false without memory. */
static bool add_entry(struct notes_list *list, const json_t *item)
{
    const char *id = json_string_value(json_object_get(item, "id")), *name = first_name(item);
    struct notes_entry *entries;

    if (!id || !name)
        return true;
    entries = array_room(list->entries, &list->capacity, list->n + 1, sizeof *entries);
    if (!entries)
        return false;
    list->entries = entries;
    json_t *metadata = load_metadata(item);
    const char *image = json_string_value(json_object_get(metadata, "image-name"));
    bool filled = fill_entry(&entries[list->n], id, name, image ? image : "");
    list->n += filled;
    json_decref(metadata);
    return filled;
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

const struct notes_entry *notes_find(struct notes *notes, struct text file, const char *id)
{
    const struct notes_list *list = file.len > 0 ? find_list(notes, file) : NULL;

    for (size_t i = 0; list && i < list->n; i++) {
        if (strcmp(list->entries[i].id, id) == 0)
            return &list->entries[i];
    }
    return NULL;
}

void notes_free(struct notes *notes)
{
    for (size_t i = 0; i < NOTES_LISTS; i++)
        list_free(notes->lists[i]);
    *notes = (struct notes){0};
}
