/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading ahead. */
#include "config.h"

#include "learn/state-reader.h"

#include "learn/state.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/processors.h"

#include <glib/gstdio.h>
#include <string.h>

/* A file of the list. */
typedef struct
{
  AakObservations *state;
  GError *error;
  gboolean done;
} Slot;

struct AakStateReader
{
  const GPtrArray *paths;
  GThread *threads[AAK_STATE_READER_THREADS];
  guint n_threads;
  GMutex lock; /* of all that follows */
  GCond changed;
  Slot *slots;
  guint claimed;  /* files that a thread has begun with */
  guint taken;    /* files that were handed out */
  goffset bytes;  /* the sizes of those between */
  goffset *sizes; /* of all that were begun with */
  gboolean stop;
};

AakObservations *
aak_state_read (const char *path, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GBytes) text = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  return text != NULL ? aak_state_from_yaml (shown, text, error) : NULL;
}

static goffset
size_of (const char *path)
{
  GStatBuf st;
  return g_stat (path, &st) == 0 ? (goffset) st.st_size : 0;
}

/* Waits until there is room for the next file, and gives its index; the number of files where none
 * is left. The lock is held. */
static guint
claim (AakStateReader *reader)
{
  while (!reader->stop && reader->claimed < reader->paths->len)
    {
      guint index = reader->claimed;
      goffset size = size_of (g_ptr_array_index (reader->paths, index));
      if (reader->claimed == reader->taken || reader->bytes + size <= AAK_STATE_READER_BYTES)
        {
          reader->claimed++;
          reader->bytes += size;
          reader->sizes[index] = size;
          return index;
        }
      g_cond_wait (&reader->changed, &reader->lock);
    }
  return reader->paths->len;
}

static gpointer
read_states (gpointer data)
{
  AakStateReader *reader = data;
  g_mutex_lock (&reader->lock);
  for (guint index = claim (reader); index < reader->paths->len; index = claim (reader))
    {
      g_mutex_unlock (&reader->lock);
      Slot slot = { .done = TRUE };
      slot.state = aak_state_read (g_ptr_array_index (reader->paths, index), &slot.error);
      g_mutex_lock (&reader->lock);
      reader->slots[index] = slot;
      g_cond_broadcast (&reader->changed);
    }
  g_mutex_unlock (&reader->lock);
  return NULL;
}

AakStateReader *
aak_state_reader_new (const GPtrArray *paths)
{
  AakStateReader *reader = g_new0 (AakStateReader, 1);
  reader->paths = paths;
  reader->slots = g_new0 (Slot, paths->len + 1);
  reader->sizes = g_new0 (goffset, paths->len + 1);
  g_mutex_init (&reader->lock);
  g_cond_init (&reader->changed);
  guint wanted = MIN (MIN (aak_processors (), AAK_STATE_READER_THREADS), paths->len);
  for (guint i = 0; i < wanted; i++)
    {
      GThread *thread = g_thread_try_new ("state", read_states, reader, NULL);
      if (thread != NULL)
        reader->threads[reader->n_threads++] = thread;
    }
  return reader;
}

void
aak_state_reader_free (AakStateReader *reader)
{
  g_mutex_lock (&reader->lock);
  reader->stop = TRUE;
  g_cond_broadcast (&reader->changed);
  g_mutex_unlock (&reader->lock);
  for (guint i = 0; i < reader->n_threads; i++)
    g_thread_join (reader->threads[i]);
  for (guint i = 0; i < reader->paths->len; i++)
    {
      g_clear_pointer (&reader->slots[i].state, aak_observations_free);
      g_clear_error (&reader->slots[i].error);
    }
  g_free (reader->slots);
  g_free (reader->sizes);
  g_mutex_clear (&reader->lock);
  g_cond_clear (&reader->changed);
  g_free (reader);
}

AakObservations *
aak_state_reader_next (AakStateReader *reader, GError **error)
{
  if (reader->n_threads == 0)
    return aak_state_read (g_ptr_array_index (reader->paths, reader->taken++), error);
  g_mutex_lock (&reader->lock);
  Slot *slot = &reader->slots[reader->taken];
  while (!slot->done)
    g_cond_wait (&reader->changed, &reader->lock);
  AakObservations *state = g_steal_pointer (&slot->state);
  if (slot->error != NULL)
    g_propagate_error (error, g_steal_pointer (&slot->error));
  reader->bytes -= reader->sizes[reader->taken++];
  g_cond_broadcast (&reader->changed);
  g_mutex_unlock (&reader->lock);
  return state;
}
