/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Stamps from stat(2). */
#include "config.h"

#include "lib/file-stamp.h"

#include "lib/fd.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* Times of files advance with the kernel's ticks, at least 100 a second (fs/inode.c,
 * current_time()); a file system that keeps whole seconds has no fraction. */
#define GRAIN        ((gint64) 100 * G_TIME_SPAN_MILLISECOND)
#define GRAIN_COARSE ((gint64) 2 * G_TIME_SPAN_SECOND)
#define ZFS_MAGIC    0x2fc12fc1UL /* of OpenZFS, which is not in the kernel */

/* The file systems that keep change times as the kernel makes them. Others (FAT, those of FUSE and
 * of a network) give what they have for one. */
static const unsigned long trusted[] = { EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
                                         F2FS_SUPER_MAGIC, ZFS_MAGIC,       OVERLAYFS_SUPER_MAGIC,
                                         TMPFS_MAGIC,      RAMFS_MAGIC };

static gboolean
keeps_change_times (int fd)
{
  struct statfs fs;
  if (fstatfs (fd, &fs) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (trusted); i++)
    if ((unsigned long) fs.f_type == trusted[i])
      return TRUE;
  return FALSE;
}

static void
fill (const struct stat *st, AakFileStamp *stamp)
{
  (void) snprintf (stamp->text, sizeof stamp->text, "%llx:%llx:%llx:%lld.%09ld",
                   (unsigned long long) st->st_dev, (unsigned long long) st->st_ino,
                   (unsigned long long) st->st_size, (long long) st->st_ctim.tv_sec,
                   st->st_ctim.tv_nsec);
}

gboolean
aak_file_stamp_now (const char *path, AakFileStamp *out_stamp)
{
  struct stat st;
  if (lstat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return FALSE;
  fill (&st, out_stamp);
  return TRUE;
}

gboolean
aak_file_stamp_begin (const char *path, AakFileStamp *out_stamp)
{
  struct stat st;
  gint64 now = g_get_real_time ();
  g_auto (AakFd) fd = open (path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &st) != 0 || !S_ISREG (st.st_mode) || !keeps_change_times (fd))
    return FALSE;
  gint64 changed = (gint64) st.st_ctim.tv_sec * G_TIME_SPAN_SECOND + st.st_ctim.tv_nsec / 1000;
  if (changed > now - (st.st_ctim.tv_nsec == 0 ? GRAIN_COARSE : GRAIN))
    return FALSE;
  fill (&st, out_stamp);
  return TRUE;
}
