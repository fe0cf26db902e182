/* SPDX-License-Identifier: GPL-2.0-or-later
 * Log files on disk, known by what stands in them: a place by the bytes before it, so that it is
 * found again in the file that was renamed and in its copy, and is not found where the file was cut
 * back; their order by the records that they begin with. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* How many bytes before a place decide which one it is. */
#define AAK_LOG_FILE_DIGEST_BYTES 4096

/* The digest of the bytes before @offset in @fd, up to AAK_LOG_FILE_DIGEST_BYTES of them; "" where
 * the file is not that long. Newly allocated. *@out_time (ms since the epoch) and *@out_serial: the
 * last stamp of an audit record in these bytes, where there is one; may be NULL. */
char *aak_log_file_digest (int fd, guint64 offset, guint64 *out_time, guint64 *out_serial);

/* One file. */
typedef struct
{
  char *name; /* in its directory */
  int fd;
  dev_t device;
  ino_t inode;
  guint64 time; /* ms; of its first record; where it has none, of its last change; of an empty file
                   the greatest */
  guint64 serial; /* of the first record */
} AakLogFile;

void aak_log_file_free (AakLogFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakLogFile, aak_log_file_free)

/* Opens one file; NULL where it is no plain file that can be read. Its name is @path. */
AakLogFile *aak_log_file_open (const char *path);

/* The plain files in @dir whose names begin with @base, open for reading, in the order of their
 * first records (AakLogFile*, owned by the array). Compressed ones are none. */
GPtrArray *aak_log_file_list (const char *dir, const char *base);

/* TRUE where @a begins with an older record than @b. */
gboolean aak_log_file_is_older (const AakLogFile *a, const AakLogFile *b);
