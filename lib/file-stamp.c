/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Stamps from stat(2). */
#include "config.h"

#include "lib/file-stamp.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* Times of files advance with the kernel's ticks, at least 100 a second (fs/inode.c,
 * current_time()); a file system that keeps whole seconds has no fraction. */
#define GRAIN        ((gint64) 100 * G_TIME_SPAN_MILLISECOND)
#define GRAIN_COARSE ((gint64) 2 * G_TIME_SPAN_SECOND)

static gboolean
look_at (int dir, const char *path, struct stat *out_st)
{
  return fstatat (dir, path, out_st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (out_st->st_mode);
}

static void
fill (const struct stat *st, AakFileStamp *stamp)
{
  stamp->size = (guint64) st->st_size;
  (void) snprintf (stamp->text, sizeof stamp->text, "%llx:%llx:%llx:%lld.%09ld",
                   (unsigned long long) st->st_dev, (unsigned long long) st->st_ino,
                   (unsigned long long) st->st_size, (long long) st->st_ctim.tv_sec,
                   st->st_ctim.tv_nsec);
}

gboolean
aak_file_stamp_now (int dir, const char *path, AakFileStamp *out_stamp)
{
  struct stat st;
  if (!look_at (dir, path, &st))
    return FALSE;
  fill (&st, out_stamp);
  return TRUE;
}

gboolean
aak_file_stamp_begin (int dir, const char *path, AakFileStamp *out_stamp)
{
  struct stat st;
  gint64 now = g_get_real_time ();
  if (!look_at (dir, path, &st))
    return FALSE;
  gint64 changed = (gint64) st.st_ctim.tv_sec * G_TIME_SPAN_SECOND + st.st_ctim.tv_nsec / 1000;
  if (changed > now - (st.st_ctim.tv_nsec == 0 ? GRAIN_COARSE : GRAIN))
    return FALSE;
  fill (&st, out_stamp);
  return TRUE;
}
