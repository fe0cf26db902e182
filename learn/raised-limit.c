/* SPDX-License-Identifier: GPL-2.0-or-later
 * The note and its lock. */
#include "config.h"

#include "learn/raised-limit.h"

#include "lib/fd.h"
#include "lib/fs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

struct AakRaisedLimit
{
  AakFd fd; /* locked; holds a decimal number, or nothing */
};

static guint32
read_note (const AakRaisedLimit *limit)
{
  char text[16] = "";
  ssize_t n = pread (limit->fd, text, sizeof text - 1, 0);
  guint64 number = n > 0 ? g_ascii_strtoull (text, NULL, 10) : 0;
  return number <= G_MAXUINT32 ? (guint32) number : 0;
}

static void
write_note (const AakRaisedLimit *limit, guint32 number)
{
  g_autofree char *text = g_strdup_printf ("%u\n", number);
  if (ftruncate (limit->fd, 0) == 0 && number != 0)
    (void) !pwrite (limit->fd, text, strlen (text), 0);
}

AakRaisedLimit *
aak_raised_limit_join (const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);
  if (!aak_fs_make_dir (dir, NULL))
    return NULL;
  g_auto (AakFd) fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0 || flock (fd, LOCK_SH) < 0)
    return NULL;
  AakRaisedLimit *limit = g_new0 (AakRaisedLimit, 1);
  limit->fd = aak_fd_steal (&fd);
  return limit;
}

guint32
aak_raised_limit_note (AakRaisedLimit *limit, guint32 now, guint32 raised)
{
  guint32 noted = read_note (limit);
  if (now == raised && noted != 0)
    return noted;
  write_note (limit, now);
  return now;
}

gboolean
aak_raised_limit_is_last (AakRaisedLimit *limit, guint32 *out_before)
{
  if (flock (limit->fd, LOCK_EX | LOCK_NB) < 0)
    return FALSE;
  guint32 before = read_note (limit);
  write_note (limit, 0);
  if (before == 0)
    return FALSE;
  *out_before = before;
  return TRUE;
}

void
aak_raised_limit_free (AakRaisedLimit *limit)
{
  aak_fd_clear (&limit->fd);
  g_free (limit);
}
