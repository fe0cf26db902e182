/* SPDX-License-Identifier: GPL-2.0-or-later
 * A window of groups, one for each of the last serials, and a queue of the events that wait. */
#include "config.h"

#include "learn/event-assembler.h"

#include <string.h>

#define WINDOW      256   /* serials that are remembered */
#define GROUP_BYTES 65536 /* of companions; what is over is left out */
#define PATIENCE    512   /* records that an event waits for at most */
#define PATIENCE_US 500000
#define CALM        256 /* so many records without a companion: the stream has none */

/* A companion's fields follow it in the group's bytes. */
typedef struct
{
  AakCompanionKind kind;
  gsize len;
} Part;

typedef struct
{
  gboolean used;  /* else node and parts are NULL */
  gboolean ended; /* no companion is to come that says something */
  guint waiting;  /* its events in the queue */
  guint64 time;
  guint64 serial;
  GString *node;
  GByteArray *parts;
} Group;

typedef struct
{
  char *json;
  Group *group;   /* NULL: nothing can be added */
  guint64 record; /* when it came */
  gint64 time;
} Waiting;

struct AakEventAssembler
{
  AakEventOutput output;
  gpointer user_data;
  gboolean waits;  /* the stream has companions, or may have */
  guint calm;      /* records since the last one */
  guint64 records; /* seen so far */
  GQueue queue;    /* of Waiting */
  Group groups[WINDOW];
};

AakEventAssembler *
aak_event_assembler_new (gboolean patient, AakEventOutput output, gpointer user_data)
{
  AakEventAssembler *assembler = g_new0 (AakEventAssembler, 1);
  assembler->output = output;
  assembler->user_data = user_data;
  assembler->waits = patient;
  return assembler;
}

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;
  g_free (waiting->json);
  g_free (waiting);
}

void
aak_event_assembler_free (AakEventAssembler *assembler)
{
  g_queue_clear_full (&assembler->queue, waiting_free);
  for (gsize i = 0; i < WINDOW; i++)
    if (assembler->groups[i].used)
      {
        g_string_free (assembler->groups[i].node, TRUE);
        g_byte_array_unref (assembler->groups[i].parts);
      }
  g_free (assembler);
}

/* --- what an event gets ---------------------------------------------------------------------- */

/* Adds the parts of @kind as JSON values, in their order, at most @max; where @json is NULL they
 * are only counted. Returns how many there are. */
static guint
add_parts (const Group *group, AakCompanionKind kind, guint max, AakJson *json)
{
  guint count = 0;
  for (gsize at = 0; at < group->parts->len && count < max;)
    {
      Part part;
      memcpy (&part, group->parts->data + at, sizeof part);
      at += sizeof part;
      if (part.kind == kind && json != NULL)
        aak_companion_add_value (json, kind,
                                 (AakSpan){ (const char *) group->parts->data + at, part.len });
      count += part.kind == kind;
      at += part.len;
    }
  return count;
}

/* A second record of a kind is of no kernel's making and is left out, unless it is a path. */
static void
add_member (const Group *group, AakCompanionKind kind, const char *name, AakJson *json)
{
  if (add_parts (group, kind, 1, NULL) == 0)
    return;
  aak_json_set_member_name (json, name);
  if (kind != AAK_COMPANION_PATH)
    {
      add_parts (group, kind, 1, json);
      return;
    }
  aak_json_begin_array (json);
  add_parts (group, kind, G_MAXUINT, json);
  aak_json_end_array (json);
}

/* The members that @group has to add, as an object; NULL where there are none. */
static char *
render (const Group *group)
{
  if (group->parts->len == 0)
    return NULL;
  AakJson *json = aak_json_new_line ();
  aak_json_begin_object (json);
  add_member (group, AAK_COMPANION_SYSCALL, "syscall", json);
  add_member (group, AAK_COMPANION_EXECVE, "execve", json);
  add_member (group, AAK_COMPANION_CWD, "cwd", json);
  add_member (group, AAK_COMPANION_PATH, "paths", json);
  add_member (group, AAK_COMPANION_PROCTITLE, "proctitle", json);
  aak_json_end_object (json);
  return aak_json_free_to_text (json);
}

/* --- the queue ------------------------------------------------------------------------------- */

/* The event's object stays as it is: the members are put behind its own. */
static void
let_go (AakEventAssembler *assembler)
{
  Waiting *first = g_queue_pop_head (&assembler->queue);
  g_autofree char *more = first->group != NULL ? render (first->group) : NULL;
  g_autoptr (GString) line = g_string_new (first->json);
  if (more != NULL)
    {
      g_string_truncate (line, line->len - 1);
      g_string_append_printf (line, ",%s", more + 1);
    }
  if (first->group != NULL)
    first->group->waiting--;
  assembler->output (line->str, assembler->user_data);
  waiting_free (first);
}

static gboolean
is_ready (const AakEventAssembler *assembler, const Waiting *waiting, gint64 now)
{
  return !assembler->waits || waiting->group == NULL || waiting->group->ended
         || assembler->records - waiting->record >= PATIENCE
         || (now != 0 && now - waiting->time >= PATIENCE_US);
}

static void
let_go_ready (AakEventAssembler *assembler, gint64 now)
{
  for (const Waiting *first = g_queue_peek_head (&assembler->queue);
       first != NULL && is_ready (assembler, first, now);
       first = g_queue_peek_head (&assembler->queue))
    let_go (assembler);
}

/* --- groups ---------------------------------------------------------------------------------- */

static gboolean
is_group_of (const Group *group, const AakEventKey *key)
{
  return group->used && group->serial == key->serial && group->time == key->time
         && group->node->len == key->node.len
         && memcmp (group->node->str, key->node.data, key->node.len) == 0;
}

/* Serials follow each other, so that those of one node meet again after WINDOW of them. */
static guint64
place_of (const AakEventKey *key)
{
  guint64 node = 0;
  for (gsize i = 0; i < key->node.len; i++)
    node = node * 31 + (guchar) key->node.data[i];
  return (node + key->serial) % WINDOW;
}

/* The group of @key; the one that had its place before it goes, with all events before its last. */
static Group *
find_group (AakEventAssembler *assembler, const AakEventKey *key)
{
  Group *group = &assembler->groups[place_of (key)];
  if (is_group_of (group, key))
    return group;
  while (group->waiting > 0)
    let_go (assembler);
  if (!group->used)
    {
      group->node = g_string_new (NULL);
      group->parts = g_byte_array_new ();
    }
  group->used = TRUE;
  group->ended = FALSE;
  group->time = key->time;
  group->serial = key->serial;
  g_string_truncate (group->node, 0);
  g_string_append_len (group->node, key->node.data, (gssize) key->node.len);
  g_byte_array_set_size (group->parts, 0);
  return group;
}

/* Two logs may have the same record; the kernel writes none twice, since paths are numbered. */
static gboolean
has_same (const Group *group, const AakCompanion *companion)
{
  for (gsize at = 0; at < group->parts->len;)
    {
      Part part;
      memcpy (&part, group->parts->data + at, sizeof part);
      at += sizeof part;
      if (part.kind == companion->kind && part.len == companion->fields.len
          && memcmp (group->parts->data + at, companion->fields.data, part.len) == 0)
        return TRUE;
      at += part.len;
    }
  return FALSE;
}

static void
add_companion (AakEventAssembler *assembler, const AakCompanion *companion)
{
  Group *group = find_group (assembler, &companion->key);
  Part part = { companion->kind, companion->fields.len };
  assembler->waits = TRUE;
  assembler->calm = 0;
  group->ended = group->ended || companion->kind == AAK_COMPANION_PROCTITLE
                 || companion->kind == AAK_COMPANION_END;
  if (companion->kind == AAK_COMPANION_END || has_same (group, companion)
      || group->parts->len + sizeof part + part.len > GROUP_BYTES)
    return;
  g_byte_array_append (group->parts, (const guint8 *) &part, sizeof part);
  g_byte_array_append (group->parts, (const guint8 *) companion->fields.data, (guint) part.len);
}

static void
add_event (AakEventAssembler *assembler, const AakEventKey *key, const char *json, gint64 now)
{
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->json = g_strdup (json);
  waiting->group = key != NULL ? find_group (assembler, key) : NULL;
  waiting->record = assembler->records;
  waiting->time = now;
  if (waiting->group != NULL)
    waiting->group->waiting++;
  g_queue_push_tail (&assembler->queue, waiting);
}

/* --- the stream ------------------------------------------------------------------------------ */

void
aak_event_assembler_take (AakEventAssembler *assembler, const AakSourceRecord *raw,
                          const char *json, gint64 now)
{
  AakCompanion companion;
  gboolean known = aak_companion_parse (raw, &companion);
  assembler->records++;
  if (known && companion.kind != AAK_COMPANION_NONE)
    add_companion (assembler, &companion);
  else if (++assembler->calm > CALM)
    assembler->waits = FALSE;
  if (json != NULL)
    add_event (assembler, known ? &companion.key : NULL, json, now);
  let_go_ready (assembler, now);
}

int
aak_event_assembler_expire (AakEventAssembler *assembler, gint64 now)
{
  let_go_ready (assembler, now);
  const Waiting *first = g_queue_peek_head (&assembler->queue);
  if (first == NULL)
    return -1;
  gint64 left = first->time + PATIENCE_US - now;
  return (int) (CLAMP (left, 0, PATIENCE_US) / 1000) + 1;
}

void
aak_event_assembler_flush (AakEventAssembler *assembler)
{
  while (!g_queue_is_empty (&assembler->queue))
    let_go (assembler);
}
