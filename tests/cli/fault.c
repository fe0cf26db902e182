/* SPDX-License-Identifier: GPL-2.0-or-later
 * Preloaded into a program, it makes one of its system calls fail, be short, or be its last.
 *
 * AAKIT_FAULT_BELOW   calls on files below this directory count
 * AAKIT_FAULT_EXCEPT  but not those whose path has this in it
 * AAKIT_FAULT_AT      the number of the call, from 1
 * AAKIT_FAULT_HOW     eio (it fails, where it changes something), blind (it fails, where it looks),
 * full (it and all that follow find the disk full), eintr (it is interrupted), short (it reads or
 * writes a part), kill (SIGKILL before it) AAKIT_FAULT_LOG a file that gets a line, CALL PATH, when
 * that happens */
#include "config.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The next definition of the function NAME: the C library's. */
#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

/* What a call does, in bits. */
#define LOOKS   1 /* reads what is there */
#define CHANGES 2 /* leaves something else there */
#define ROOM    4 /* and needs room on the disk for it */
#define MOVES   8 /* moves bytes that may be fewer than asked for */

typedef struct
{
  const char *name;
  int kinds; /* the calls that count */
  int code;  /* that they fail with; 0: they do something else */
} How;

static const How hows[] = {
  { "eio", CHANGES, EIO },   { "blind", LOOKS, EIO }, { "full", ROOM, ENOSPC },
  { "eintr", MOVES, EINTR }, { "short", MOVES, 0 },   { "kill", CHANGES, 0 },
};

static unsigned long calls;

static const How *
find_how (void)
{
  const char *name = getenv ("AAKIT_FAULT_HOW");
  for (size_t i = 0; name != NULL && i < sizeof hows / sizeof *hows; i++)
    if (strcmp (hows[i].name, name) == 0)
      return &hows[i];
  return NULL;
}

static int
is_below (const char *path)
{
  const char *top = getenv ("AAKIT_FAULT_BELOW"), *except = getenv ("AAKIT_FAULT_EXCEPT");
  size_t len = top != NULL ? strlen (top) : 0;
  return len > 0 && strncmp (path, top, len) == 0 && (path[len] == '/' || path[len] == '\0')
         && (except == NULL || strstr (path, except) == NULL);
}

static void
write_log (const char *call, const char *path)
{
  char line[PATH_MAX + 64];
  int len = snprintf (line, sizeof line, "%s %s\n", call, path);
  const char *log = getenv ("AAKIT_FAULT_LOG");
  int fd = log != NULL ? REAL (open) (log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
  if (fd < 0 || REAL (write) (fd, line, (size_t) len) != len)
    abort ();
  REAL (close) (fd);
}

/* TRUE where it is the turn of this call to go wrong; then errno says how, and is 0 where it shall
 * do a part of its work. */
static int
goes_wrong (const char *call, int kinds, const char *path)
{
  const How *how = find_how ();
  const char *at = getenv ("AAKIT_FAULT_AT");
  if (how == NULL || at == NULL || (how->kinds & kinds) == 0 || !is_below (path))
    return 0;
  unsigned long number = __atomic_add_fetch (&calls, 1, __ATOMIC_RELAXED),
                wanted = strtoul (at, NULL, 10);
  if (number != wanted && !(how->code == ENOSPC && number > wanted))
    return 0;
  write_log (call, path);
  if (strcmp (how->name, "kill") == 0)
    kill (getpid (), SIGKILL);
  errno = how->code;
  return 1;
}

/* The same of the file @name in the directory @dir_fd, or of @dir_fd itself where @name is NULL. */
static int
goes_wrong_at (const char *call, int kinds, int dir_fd, const char *name)
{
  char link[64], path[2 * PATH_MAX];
  if (name != NULL && (*name == '/' || dir_fd == AT_FDCWD))
    return goes_wrong (call, kinds, name);
  snprintf (link, sizeof link, "/proc/self/fd/%d", dir_fd);
  ssize_t len = readlink (link, path, PATH_MAX);
  if (len < 0)
    return 0;
  path[len] = '\0';
  if (name != NULL)
    snprintf (path + len, sizeof path - (size_t) len, "/%s", name);
  return goes_wrong (call, kinds, path);
}

/* --- files ----------------------------------------------------------------------------------- */

static int
open_kinds (int flags)
{
  return (flags & O_CREAT) != 0 ? CHANGES | ROOM : LOOKS;
}

static mode_t
open_mode (int flags, va_list arguments)
{
  return (flags & O_CREAT) != 0 ? va_arg (arguments, mode_t) : 0;
}

int
open (const char *path, int flags, ...)
{
  va_list arguments;
  va_start (arguments, flags);
  mode_t mode = open_mode (flags, arguments);
  va_end (arguments);
  if (goes_wrong ("open", open_kinds (flags), path))
    return -1;
  return REAL (open) (path, flags, mode);
}

int
openat (int dir_fd, const char *path, int flags, ...)
{
  va_list arguments;
  va_start (arguments, flags);
  mode_t mode = open_mode (flags, arguments);
  va_end (arguments);
  if (goes_wrong_at ("openat", open_kinds (flags), dir_fd, path))
    return -1;
  return REAL (openat) (dir_fd, path, flags, mode);
}

ssize_t
read (int fd, void *data, size_t len)
{
  if (!goes_wrong_at ("read", LOOKS | MOVES, fd, NULL))
    return REAL (read) (fd, data, len);
  return errno != 0 ? -1 : REAL (read) (fd, data, (len + 1) / 2);
}

ssize_t
write (int fd, const void *data, size_t len)
{
  if (!goes_wrong_at ("write", CHANGES | ROOM | MOVES, fd, NULL))
    return REAL (write) (fd, data, len);
  return errno != 0 ? -1 : REAL (write) (fd, data, (len + 1) / 2);
}

/* It is not what is tested, and takes most of the time. */
int
fsync (int fd)
{
  return goes_wrong_at ("fsync", CHANGES, fd, NULL) ? -1 : 0;
}

/* The descriptor is gone all the same (close(2)). */
int
close (int fd)
{
  int flags = fcntl (fd, F_GETFL);
  int kind = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY ? CHANGES : LOOKS;
  int wrong = goes_wrong_at ("close", kind, fd, NULL), saved = errno;
  int closed = REAL (close) (fd);
  errno = wrong ? saved : errno;
  return wrong ? -1 : closed;
}

int
fchmod (int fd, mode_t mode)
{
  return goes_wrong_at ("fchmod", CHANGES, fd, NULL) ? -1 : REAL (fchmod) (fd, mode);
}

/* --- names ----------------------------------------------------------------------------------- */

int
rename (const char *from, const char *to)
{
  return goes_wrong ("rename", CHANGES, to) ? -1 : REAL (rename) (from, to);
}

int
renameat (int from_fd, const char *from, int to_fd, const char *to)
{
  return goes_wrong_at ("renameat", CHANGES, to_fd, to)
             ? -1
             : REAL (renameat) (from_fd, from, to_fd, to);
}

int
renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
  return goes_wrong_at ("renameat2", CHANGES, to_fd, to)
             ? -1
             : REAL (renameat2) (from_fd, from, to_fd, to, flags);
}

int
link (const char *from, const char *to)
{
  return goes_wrong ("link", CHANGES | ROOM, to) ? -1 : REAL (link) (from, to);
}

int
unlink (const char *path)
{
  return goes_wrong ("unlink", CHANGES, path) ? -1 : REAL (unlink) (path);
}

int
mkdir (const char *path, mode_t mode)
{
  return goes_wrong ("mkdir", CHANGES | ROOM, path) ? -1 : REAL (mkdir) (path, mode);
}

/* --- directories ----------------------------------------------------------------------------- */

DIR *
opendir (const char *path)
{
  return goes_wrong ("opendir", LOOKS, path) ? NULL : REAL (opendir) (path);
}

DIR *
fdopendir (int fd)
{
  return goes_wrong_at ("fdopendir", LOOKS, fd, NULL) ? NULL : REAL (fdopendir) (fd);
}

int
nftw (const char *path, __nftw_func_t visit, int max_open, int flags)
{
  return goes_wrong ("nftw", CHANGES, path) ? -1 : REAL (nftw) (path, visit, max_open, flags);
}

struct dirent *
readdir (DIR *dir)
{
  return goes_wrong_at ("readdir", LOOKS, dirfd (dir), NULL) ? NULL : REAL (readdir) (dir);
}
