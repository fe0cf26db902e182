/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Files: paths below --root, bounded reads, and writes that are whole or not at all. */
#pragma once

#include <glib.h>

/* @path (absolute) below @root ("/" or NULL: the host itself). Newly allocated. */
char *aak_fs_path (const char *root, const char *path);

/* TRUE where @root is the running host itself, not an image or a fixture. */
gboolean aak_fs_is_host (const char *root);

/* Reads the regular file @path, at most @max bytes (TOO_LARGE beyond that). Works for /proc and
 * securityfs files, whose size is reported as 0; refuses directories, devices and pipes (INVALID).
 * The caller owns the result. */
GBytes *aak_fs_read (const char *path, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a file that is open as @fd, from where it stands; @path names it in messages. */
GBytes *aak_fs_read_open (int fd, const char *path, gsize max,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a file that others rely on: INVALID where somebody else than root and the caller
 * owns it, or where its group or others can write to it. */
GBytes *aak_fs_read_trusted (const char *path, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads standard input to its end, at most @max bytes (TOO_LARGE beyond). */
GBytes *aak_fs_read_stdin (gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @bytes, which @what names in messages, as text without its trailing newlines; INVALID where it
 * holds a NUL. The caller frees it. */
char *aak_fs_text (GBytes *bytes, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a file as text without its trailing newlines; INVALID where it holds a NUL. The caller
 * frees it. */
char *aak_fs_read_text (const char *path, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the file @file of the open directory @dir, which @shown names in messages, as text up to
 * its first NUL, without newlines at its end: a file of a task, whose directory in /proc is held
 * open so that its number means no other task meanwhile. The caller frees it. */
char *aak_fs_read_text_at (int dir, const char *shown, const char *file, gsize max,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @len bytes to @path through a temporary file in the same directory: written, fsynced,
 * renamed over @path, directory fsynced. A reader sees the old or the new file, never a part. @path
 * itself is replaced when it is a symbolic link. On failure nothing is left behind. @mode is the
 * file's mode, whatever the umask. */
gboolean aak_fs_write (const char *path, const void *data, gsize len, guint mode,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens a new file for writing in the directory @dir_fd under a temporary name for @name, which
 * aak_fs_sweep() knows and the caller frees in *@out_tmp; mode 0600. Gives a descriptor to close,
 * or -1 with errno. aak_fs_write() does this for one file, lib/fs-batch.h for many. */
int aak_fs_open_temporary (int dir_fd, const char *name, char **out_tmp);

/* Removes the file @path; one that is not there is gone already. */
gboolean aak_fs_remove (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the temporary files that an aak_fs_write() which was killed left in the directory @dir
 * for files of these names (a set of strings). Nobody else may be writing them. What cannot be
 * removed stays. */
void aak_fs_sweep (const char *dir, GHashTable *names);

/* The names in the directory @path without "." and "..", in no order: an array of char * that the
 * caller owns. Unlike a GDir it tells of a read that failed. */
GPtrArray *aak_fs_names (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes @path and its parents (0755). TRUE where it is a directory afterwards. */
gboolean aak_fs_make_dir (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where a file can be created in the directory @path (which is made when missing): probes with
 * a temporary file, so that a full disk or a read-only mount is found before a long run, not after
 * it. */
gboolean aak_fs_check_writable (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes all of @data to @fd, resuming after signals and short writes. */
gboolean aak_fs_write_all (int fd, const void *data, gsize len,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
