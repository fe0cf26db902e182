/* SPDX-License-Identifier: GPL-2.0-or-later
 * Files of policy that are no bundle's: profile texts and compiled policy. */
#pragma once

#include "lib/fd.h"
#include "lib/path-walk.h"

#include <glib.h>

typedef struct
{
  char *path; /* escaped, for messages */
  GBytes *content;
  gboolean compiled; /* policy, not a text */
  GBytes *features;  /* of compiled policy: what `.features` beside it holds, as apparmor_parser and
                        bundles have it; NULL: it is not there */
} AakInputFile;

AakInputFile *aak_input_file_ref (AakInputFile *file);
void aak_input_file_unref (AakInputFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakInputFile, aak_input_file_unref)

/* Reads the file that is open as @fd. What it is follows from its content: INVALID where that is
 * empty, or neither a text nor compiled policy; TOO_LARGE for a text beyond 4 MiB, or policy beyond
 * 64 MiB. @path is where it is, @trust as for aak_path_open(). */
AakInputFile *aak_input_file_read (int fd, const char *path, AakPathTrust trust,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The files of the directory that is open as @dir, sorted by name, without what
 * aak_policy_skip_file(), seccomp profiles and directories; an array of AakInputFile that the
 * caller owns. A volume of a ConfigMap is read as one generation. INVALID for a link that leads out
 * of it, NOT_FOUND where there is none, TOO_LARGE where there are more than 100,000 or 256 MiB of
 * them, BUSY where the volume changes again and again. */
GPtrArray *aak_input_file_read_all (int dir, const char *path, AakPathTrust trust,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where the directory *@dir, open for reading, is the volume of a ConfigMap that holds a bundle,
 * *@dir becomes the directory of its generation: files that are links in the volume are files
 * there, and stay those of one moment. @path names it in messages. FALSE with an error where the
 * generation cannot be opened as @trust asks. */
gboolean aak_input_file_enter (AakFd *dir, const char *path, AakPathTrust trust,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
