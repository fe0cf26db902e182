/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Whether a file is the one that was read, without a look into it: by its inode, size and change
 * time. No program can set the last of these, unlike the modification time, which copies, archives
 * and checkouts bring with them; the kernel sets it at each change but one through a mapping that
 * was written through before and is not synchronised yet (mmap(2)): not for what decides what is
 * compiled or enforced. */
#pragma once

#include <glib.h>

#define AAK_FILE_STAMP_SIZE 96 /* bytes of text, with its NUL */

typedef struct
{
  char text[AAK_FILE_STAMP_SIZE]; /* another one for each other content: "DEV:INO:SIZE:SEC.NSEC" */
} AakFileStamp;

/* The stamp of the regular file @path; a link is none. FALSE where there is none. */
gboolean aak_file_stamp_now (const char *path, AakFileStamp *out_stamp);

/* The same before the content is read that it shall stand for. FALSE also where another change
 * could leave the file the same stamp: by the clock it changed just now, or its file system is not
 * one that is known to keep change times. */
gboolean aak_file_stamp_begin (const char *path, AakFileStamp *out_stamp);
