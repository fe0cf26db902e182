/* SPDX-License-Identifier: GPL-2.0-or-later
 * A bench's other side: reads every file of the directory PROFILES and takes its SHA-256, and looks
 * whether every file of the directories of BUNDLE is there, on all processors and with nothing
 * around it. That is the least that tells, without trust in any time stamp, that no text has
 * changed and that what was made of them is whole. Prints how many files there were. */
#include <dirent.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES   65536
#define MAX_NAME    256
#define MAX_THREADS 64

typedef struct
{
  int folder;
  int is_text; /* to be read; else to be looked at */
  char name[MAX_NAME];
} File;

static File files[MAX_FILES];
static unsigned count;
static unsigned next;   /* atomic */
static unsigned failed; /* atomic */

/* FALSE where it cannot be read. */
static int
digest_file (const File *file)
{
  uint8_t chunk[65536], digest[SHA256_DIGEST_SIZE];
  struct sha256_ctx sum;
  int fd = openat (file->folder, file->name, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? 1 : -1;
  sha256_init (&sum);
  while (n > 0)
    {
      n = read (fd, chunk, sizeof chunk);
      if (n > 0)
        sha256_update (&sum, (size_t) n, chunk);
    }
  sha256_digest (&sum, sizeof digest, digest);
  if (fd >= 0)
    close (fd);
  return n == 0;
}

static int
look_at (const File *file)
{
  struct stat st;
  return fstatat (file->folder, file->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode);
}

static void *
work (void *unused)
{
  (void) unused;
  for (unsigned i = __atomic_fetch_add (&next, 1, __ATOMIC_RELAXED); i < count;
       i = __atomic_fetch_add (&next, 1, __ATOMIC_RELAXED))
    if (!(files[i].is_text ? digest_file (&files[i]) : look_at (&files[i])))
      __atomic_fetch_add (&failed, 1, __ATOMIC_RELAXED);
  return NULL;
}

/* Adds the files of the directory @path below the open directory @top; FALSE where there is no room
 * for them. */
static int
add (int top, const char *path, int is_text)
{
  int fd = openat (top, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  if (folder == NULL)
    return 0;
  for (struct dirent *entry = readdir (folder); entry != NULL; entry = readdir (folder))
    {
      if (entry->d_name[0] == '.')
        continue;
      if (entry->d_type == DT_DIR)
        {
          if (!add (fd, entry->d_name, is_text))
            return 0;
          continue;
        }
      if (count == MAX_FILES || strlen (entry->d_name) >= MAX_NAME)
        return 0;
      files[count].folder = fd;
      files[count].is_text = is_text;
      strcpy (files[count++].name, entry->d_name);
    }
  return 1; /* it stays open: its files are opened by it */
}

int
main (int argc, char **argv)
{
  if (argc != 3 || !add (AT_FDCWD, argv[1], 1) || !add (AT_FDCWD, argv[2], 0))
    return 2;
  pthread_t threads[MAX_THREADS];
  long processors = sysconf (_SC_NPROCESSORS_ONLN);
  int started = 0;
  while (started + 1 < processors && started < MAX_THREADS
         && pthread_create (&threads[started], NULL, work, NULL) == 0)
    started++;
  work (NULL);
  while (started > 0)
    pthread_join (threads[--started], NULL);
  printf ("%u files\n", count);
  return failed > 0;
}
