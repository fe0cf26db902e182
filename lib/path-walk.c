/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A walk over the parts of a path, each opened in the directory that was opened before. The kernel
 * would do the same for the whole path in one call (openat2(2)), but shows nothing of the way. */
#include "config.h"

#include "lib/path-walk.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define MAX_LINKS 40 /* as the kernel (path_resolution(7)) */

typedef struct
{
  AakPathTrust trust;
  AakFd fd;           /* the directory that was reached */
  char *at;           /* its path */
  GPtrArray *pending; /* the parts that are left, the next one last */
  gboolean below;     /* it must not leave the directory where it began */
  guint depth;        /* below that */
  guint links;        /* that were followed */
  gboolean hidden;    /* others cannot get to where it is */
} Walk;

static void
walk_clear (Walk *walk)
{
  aak_fd_clear (&walk->fd);
  g_clear_pointer (&walk->at, g_free);
  g_clear_pointer (&walk->pending, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* --- messages -------------------------------------------------------------------------------- */

static char *
show (const char *path)
{
  return aak_escape (path, strlen (path));
}

static gboolean
refuse (const char *path, const char *why, GError **error)
{
  g_autofree char *shown = show (path);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: %s", shown, why);
  return FALSE;
}

static gboolean
refuse_errno (const char *path, GError **error)
{
  int saved = errno;
  g_autofree char *shown = show (path);
  return aak_error_set_errno (error, saved, "cannot open %s", shown);
}

/* --- trust ----------------------------------------------------------------------------------- */

static gboolean
check_owner (const struct stat *st, const char *path, GError **error)
{
  g_autofree char *shown = show (path);
  return aak_trust_check (st, shown, error);
}

/* Through a mount that is read-only nobody writes. */
static gboolean
is_read_only (int fd)
{
  struct statvfs fs;
  return fstatvfs (fd, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
}

/* TRUE where @st is of a directory that only its owner, and root's group, can enter. */
static gboolean
hides (const struct stat *st)
{
  return aak_trust_is_own (st) && (st->st_mode & S_IXOTH) == 0
         && ((st->st_mode & S_IXGRP) == 0 || st->st_gid == 0);
}

static gboolean
check_directory (const Walk *walk, int fd, const struct stat *st, const char *path, GError **error)
{
  if (walk->trust == AAK_PATH_ANYBODY)
    return TRUE;
  if (aak_trust_is_own (st) && !aak_trust_is_closed (st)
      && ((st->st_mode & S_ISVTX) != 0 || walk->hidden || is_read_only (fd)))
    return TRUE;
  return check_owner (st, path, error);
}

/* --- steps ----------------------------------------------------------------------------------- */

/* The parts of @path are to be walked next. */
static void
push (Walk *walk, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  for (guint i = g_strv_length (parts); i > 0; i--)
    if (*parts[i - 1] != '\0' && strcmp (parts[i - 1], ".") != 0)
      g_ptr_array_add (walk->pending, g_strdup (parts[i - 1]));
}

static void
enter (Walk *walk, AakFd *fd, const char *path, const struct stat *st)
{
  aak_fd_clear (&walk->fd);
  walk->fd = aak_fd_steal (fd);
  g_free (walk->at);
  walk->at = g_strdup (path);
  walk->hidden = walk->hidden || hides (st);
}

static gboolean
begin_at_root (Walk *walk, GError **error)
{
  struct stat st;
  g_auto (AakFd) fd = open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &st) < 0)
    return refuse_errno ("/", error);
  walk->hidden = FALSE;
  if (!check_directory (walk, fd, &st, "/", error))
    return FALSE;
  enter (walk, &fd, "/", &st);
  return TRUE;
}

static gboolean
go_up (Walk *walk, GError **error)
{
  if (walk->below && walk->depth == 0)
    return refuse (walk->at, "a link in it leads out of its directory", error);
  struct stat st;
  g_autofree char *parent = g_path_get_dirname (walk->at);
  g_auto (AakFd) fd = openat (walk->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &st) < 0)
    return refuse_errno (parent, error);
  walk->hidden = FALSE; /* what hid the directory that is left may not hide this one */
  if (!check_directory (walk, fd, &st, parent, error))
    return FALSE;
  if (walk->below)
    walk->depth--;
  enter (walk, &fd, parent, &st);
  return TRUE;
}

static gboolean
follow (Walk *walk, int link, const struct stat *st, const char *path, GError **error)
{
  char target[PATH_MAX];
  if (walk->trust == AAK_PATH_OWNERS && !check_owner (st, path, error))
    return FALSE;
  ssize_t len = readlinkat (link, "", target, sizeof target);
  if (len < 0)
    return refuse_errno (path, error);
  if (len == 0 || (gsize) len == sizeof target || ++walk->links > MAX_LINKS)
    return refuse (path, "too many links, or one that is too long", error);
  target[len] = '\0';
  if (*target == '/' && walk->below)
    return refuse (path, "a link that leads out of its directory", error);
  push (walk, target);
  return *target != '/' || begin_at_root (walk, error);
}

/* Opens the file @name of the directory that was reached, which @st was found to be of. */
static int
open_file (const Walk *walk, const char *name, const struct stat *st, const char *path,
           GError **error)
{
  struct stat now;
  g_auto (AakFd) fd =
      openat (walk->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &now) < 0)
    refuse_errno (path, error);
  else if (now.st_dev != st->st_dev || now.st_ino != st->st_ino)
    refuse (path, "was replaced while it was opened", error);
  else
    return aak_fd_steal (&fd);
  return -1;
}

/* Takes the next part. TRUE where it was one on the way; else *@out_file is the file at its end, or
 * the error is set. */
static gboolean
step (Walk *walk, int *out_file, GError **error)
{
  g_autofree char *name = g_ptr_array_steal_index (walk->pending, walk->pending->len - 1);
  if (strcmp (name, "..") == 0)
    return go_up (walk, error);
  struct stat st;
  g_autofree char *path = g_build_filename (walk->at, name, NULL);
  g_auto (AakFd) fd = openat (walk->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &st) < 0)
    return refuse_errno (path, error);
  if (S_ISLNK (st.st_mode))
    return follow (walk, fd, &st, path, error);
  if (S_ISDIR (st.st_mode))
    {
      if (!check_directory (walk, fd, &st, path, error))
        return FALSE;
      walk->depth++;
      enter (walk, &fd, path, &st);
      return TRUE;
    }
  if (walk->pending->len > 0)
    {
      errno = ENOTDIR;
      return refuse_errno (path, error);
    }
  if (!S_ISREG (st.st_mode))
    return refuse (path, "not a regular file", error);
  if (walk->trust == AAK_PATH_ANYBODY || check_owner (&st, path, error))
    *out_file = open_file (walk, name, &st, path, error);
  return FALSE;
}

static int
walk_to_end (Walk *walk, const char *path, GError **error)
{
  int file = -1;
  push (walk, path);
  while (walk->pending->len > 0)
    if (!step (walk, &file, error))
      return file;
  file = openat (walk->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0)
    refuse_errno (walk->at, error);
  return file;
}

/* --- public ---------------------------------------------------------------------------------- */

int
aak_path_open (const char *path, AakPathTrust trust, GError **error)
{
  g_auto (Walk) walk = { .trust = trust, .fd = -1, .pending = g_ptr_array_new_full (8, g_free) };
  if (*path == '\0')
    {
      errno = ENOENT;
      refuse_errno (path, error);
      return -1;
    }
  if (!begin_at_root (&walk, error))
    return -1;
  g_autofree char *here = *path != '/' ? g_get_current_dir () : g_strdup ("");
  g_autofree char *whole = g_build_filename ("/", here, path, NULL);
  return walk_to_end (&walk, whole, error);
}

int
aak_path_open_below (int dir, const char *shown, const char *name, AakPathTrust trust,
                     GError **error)
{
  g_auto (Walk) walk = { .trust = trust,
                         .fd = openat (dir, ".", O_PATH | O_DIRECTORY | O_CLOEXEC),
                         .at = g_strdup (shown),
                         .pending = g_ptr_array_new_full (8, g_free),
                         .below = TRUE };
  if (walk.fd >= 0)
    return walk_to_end (&walk, name, error);
  refuse_errno (shown, error);
  return -1;
}
