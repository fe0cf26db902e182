/* SPDX-License-Identifier: GPL-2.0-or-later
 * Finding places in logs. */
#include "config.h"

#include "learn/log-file.h"

#include "learn/record.h"
#include "learn/source-method.h"
#include "lib/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 16384

static gsize
read_at (int fd, char *buffer, gsize len, guint64 offset)
{
  gsize got = 0;
  while (got < len)
    {
      ssize_t n = pread (fd, buffer + got, len - got, (off_t) (offset + got));
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      got += (gsize) n;
    }
  return got;
}

/* The first stamp at or after @at; returns where it stands, or NULL. It orders files and nothing
 * else, so that it may stand anywhere. */
static const char *
find_stamp (const char *at, const char *end, guint64 *out_time, guint64 *out_serial)
{
  while ((at = memmem (at, (gsize) (end - at), "audit(", 6)) != NULL)
    {
      if (aak_record_parse_stamp (at, (gsize) (end - at), out_time, out_serial))
        return at;
      at++;
    }
  return NULL;
}

char *
aak_log_file_digest (int fd, guint64 offset, guint64 *out_time, guint64 *out_serial)
{
  char bytes[AAK_LOG_FILE_DIGEST_BYTES];
  gsize len = (gsize) MIN (offset, sizeof bytes);
  if (read_at (fd, bytes, len, offset - len) != len)
    return g_strdup ("");
  guint64 time, serial;
  for (const char *at = bytes; (at = find_stamp (at, bytes + len, &time, &serial)) != NULL; at++)
    if (out_time != NULL)
      {
        *out_time = time;
        *out_serial = serial;
      }
  char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, len);
  digest[32] = '\0';
  return digest;
}

void
aak_log_file_free (AakLogFile *file)
{
  aak_fd_clear (&file->fd);
  g_free (file->name);
  g_free (file);
}

AakLogFile *
aak_log_file_open (const char *path)
{
  g_auto (AakFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat st;
  char head[HEAD_BYTES];
  if (fd < 0 || fstat (fd, &st) < 0 || !S_ISREG (st.st_mode))
    return NULL;
  gsize len = read_at (fd, head, sizeof head, 0);
  if (aak_source_method_find ((const guint8 *) head, len) != NULL)
    return NULL;
  AakLogFile *file = g_new (AakLogFile, 1);
  *file = (AakLogFile){ g_strdup (path), aak_fd_steal (&fd), st.st_dev, st.st_ino, 0, 0 };
  if (find_stamp (head, head + len, &file->time, &file->serial) != NULL)
    return file;
  file->time = len > 0 ? (guint64) st.st_mtime * 1000 : G_MAXUINT64;
  file->serial = 0;
  return file;
}

gboolean
aak_log_file_is_older (const AakLogFile *a, const AakLogFile *b)
{
  return a->time != b->time ? a->time < b->time : a->serial < b->serial;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const AakLogFile *x = *(AakLogFile *const *) a, *y = *(AakLogFile *const *) b;
  if (aak_log_file_is_older (x, y))
    return -1;
  return aak_log_file_is_older (y, x) ? 1 : strcmp (y->name, x->name);
}

GPtrArray *
aak_log_file_list (const char *dir, const char *base)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_log_file_free);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      AakLogFile *file = g_str_has_prefix (name, base) ? aak_log_file_open (path) : NULL;
      if (file == NULL)
        continue;
      g_free (file->name);
      file->name = g_strdup (name);
      g_ptr_array_add (files, file);
    }
  g_ptr_array_sort (files, compare);
  return files;
}
