/* SPDX-License-Identifier: GPL-2.0-or-later
 * Several logs, one after the other, that may have records in common: a log and the copy of it that
 * rotation made, auditd's log and the kernel's. Each record counts once. */
#include "config.h"

#include "learn/source.h"

#include "learn/duplicates.h"
#include "learn/log-file.h"
#include "lib/fd.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CURRENT 1 /* see aak_duplicates_fold() */

typedef struct
{
  AakSource base;
  GPtrArray *files; /* AakSource* */
  guint current;
  AakDuplicates *duplicates;
} InputsSource;

static AakSource *
current_file (const InputsSource *self)
{
  return g_ptr_array_index (self->files, self->current);
}

static AakSourceStatus
inputs_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  InputsSource *self = (InputsSource *) source;
  for (;;)
    {
      AakSourceStatus status = aak_source_next (current_file (self), out, error);
      if (status == AAK_SOURCE_RECORD && !aak_duplicates_is_new (self->duplicates, CURRENT, out))
        continue;
      if (status != AAK_SOURCE_END || self->current + 1 == self->files->len)
        return status;
      self->current++;
      aak_duplicates_fold (self->duplicates);
    }
}

static int
inputs_fd (const AakSource *source)
{
  (void) source;
  return -1;
}

static char *
inputs_position (const AakSource *source)
{
  return aak_source_position (current_file ((const InputsSource *) source));
}

static void
inputs_interrupt (AakSource *source)
{
  const InputsSource *self = (const InputsSource *) source;
  for (guint i = 0; i < self->files->len; i++)
    aak_source_interrupt (self->files->pdata[i]);
}

static void
inputs_close (AakSource *source)
{
  InputsSource *self = (InputsSource *) source;
  g_ptr_array_unref (self->files);
  aak_duplicates_free (self->duplicates);
  g_free (self);
}

static const AakSourceClass inputs_class = {
  .name = "file",
  .next = inputs_next,
  .fd = inputs_fd,
  .position = inputs_position,
  .interrupt = inputs_interrupt,
  .close = inputs_close,
};

/* --- opening --------------------------------------------------------------------------------- */

typedef struct
{
  guint64 time;
  guint64 serial;
} Stamp;

static gboolean
is_before (Stamp a, Stamp b)
{
  return a.time != b.time ? a.time < b.time : a.serial < b.serial;
}

/* The stamps that a plain log begins and ends with; FALSE where that cannot be told. */
static gboolean
find_range (const char *path, Stamp *out_first, Stamp *out_last)
{
  g_autoptr (AakLogFile) file = aak_log_file_open (path);
  struct stat st;
  if (file == NULL || file->serial == 0 || fstat (file->fd, &st) < 0)
    return FALSE;
  *out_first = (Stamp){ file->time, file->serial };
  *out_last = (Stamp){ 0, 0 };
  g_autofree char *digest G_GNUC_UNUSED =
      aak_log_file_digest (file->fd, (guint64) st.st_size, &out_last->time, &out_last->serial);
  return out_last->time != 0 && !is_before (*out_last, *out_first);
}

/* TRUE where each log ends before the next begins, so that nothing is in two of them. */
static gboolean
are_apart (const char *const *paths)
{
  Stamp end = { 0, 0 };
  for (; *paths != NULL; paths++)
    {
      Stamp first, last;
      if (!find_range (*paths, &first, &last) || !is_before (end, first))
        return FALSE;
      end = last;
    }
  return TRUE;
}

AakSource *
aak_source_inputs_open (const char *const *paths, GError **error)
{
  if (paths[1] == NULL || are_apart (paths))
    return aak_source_files_open (paths, error);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_source_close);
  for (; *paths != NULL; paths++)
    {
      AakSource *file = aak_source_file_open (*paths, error);
      if (file == NULL)
        return NULL;
      g_ptr_array_add (files, file);
    }
  InputsSource *self = g_new0 (InputsSource, 1);
  self->base.class = &inputs_class;
  self->files = g_steal_pointer (&files);
  self->duplicates = aak_duplicates_new ();
  return &self->base;
}
