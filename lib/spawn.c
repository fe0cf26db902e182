/* SPDX-License-Identifier: LGPL-2.1-or-later
 * posix_spawn, a pidfd and poll: one child, bounded. */
#include "config.h"

#include "lib/spawn.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum
{
  STREAM_OUT,
  STREAM_ERR,
  CHILD_EXIT,
  STOP,
  N_WATCHED,
};

/* A running child with what it has printed so far. */
typedef struct
{
  pid_t pid;
  AakFd pidfd;
  AakFd fds[2]; /* its stdout and stderr */
  GByteArray *data[2];
  gsize max;
  gint64 deadline; /* monotonic, in microseconds */
  int stop_fd;     /* -1: none */
  gboolean exited;
} Child;

static void
child_clear (Child *child)
{
  aak_fd_clear (&child->pidfd);
  for (int i = 0; i < 2; i++)
    {
      aak_fd_clear (&child->fds[i]);
      g_clear_pointer (&child->data[i], g_byte_array_unref);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Child, child_clear)

void
aak_spawn_result_free (AakSpawnResult *result)
{
  g_clear_pointer (&result->out, g_bytes_unref);
  g_clear_pointer (&result->err, g_bytes_unref);
  g_free (result);
}

/* A descriptor from which @bytes can be read. A memory file rather than a pipe: nobody has to feed
 * it. */
static int
open_bytes (GBytes *bytes, GError **error)
{
  g_auto (AakFd) fd = memfd_create ("aakit-input", MFD_CLOEXEC);
  if (fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot make a memory file");
      return -1;
    }
  gsize len = 0;
  const void *data = g_bytes_get_data (bytes, &len);
  if (!aak_fs_write_all (fd, data, len, error))
    return -1;
  if (lseek (fd, 0, SEEK_SET) < 0)
    {
      aak_error_set_errno (error, errno, "cannot rewind a memory file");
      return -1;
    }
  return aak_fd_steal (&fd);
}

/* Makes the child's descriptors 0 to 3. The sources are above 3 (see above_standard()), so that no
 * dup2 hits another. */
static void
plan_descriptors (posix_spawn_file_actions_t *actions, int input, int extra, const int out[2])
{
  posix_spawn_file_actions_addchdir_np (actions, "/");
  if (input >= 0)
    posix_spawn_file_actions_adddup2 (actions, input, 0);
  else
    posix_spawn_file_actions_addopen (actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (actions, out[0], 1);
  posix_spawn_file_actions_adddup2 (actions, out[1], 2);
  if (extra >= 0)
    posix_spawn_file_actions_adddup2 (actions, extra, 3);
  posix_spawn_file_actions_addclosefrom_np (actions, extra >= 0 ? 4 : 3);
}

/* Moves *@fd to 10 or higher. */
static gboolean
above_standard (int *fd)
{
  if (*fd < 0)
    return TRUE;
  int moved = fcntl (*fd, F_DUPFD_CLOEXEC, 10);
  if (moved < 0)
    return FALSE;
  close (*fd);
  *fd = moved;
  return TRUE;
}

static int
spawn_with (pid_t *out_pid, const AakSpawn *spawn, const posix_spawn_file_actions_t *actions)
{
  static char *const environment[] = { (char *) "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                       (char *) "LC_ALL=C", NULL };
  posix_spawnattr_t attributes;
  posix_spawnattr_init (&attributes);
  sigset_t none, all;
  sigemptyset (&none);
  sigfillset (&all);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setsigdefault (&attributes, &all);
  posix_spawnattr_setpgroup (&attributes, 0);
  posix_spawnattr_setflags (&attributes,
                            POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  int result = posix_spawn (out_pid, spawn->argv[0], actions, &attributes,
                            (char *const *) spawn->argv, environment);
  posix_spawnattr_destroy (&attributes);
  return result;
}

/* Opens what the child reads; -1 stands for nothing. */
static gboolean
open_inputs (const AakSpawn *spawn, int *out_input, int *out_extra, GError **error)
{
  if (spawn->input != NULL && (*out_input = open_bytes (spawn->input, error)) < 0)
    return FALSE;
  if (spawn->extra != NULL && (*out_extra = open_bytes (spawn->extra, error)) < 0)
    return FALSE;
  if (!above_standard (out_input) || !above_standard (out_extra))
    return aak_error_set_errno (error, errno, "cannot duplicate a descriptor");
  return TRUE;
}

/* From outside, as posix_spawn() knows no limits: the child has had no time to take much. */
static void
limit (pid_t pid, const AakSpawn *spawn)
{
  const struct rlimit none = { 0, 0 };
  const struct rlimit memory = { spawn->max_memory, spawn->max_memory };
  prlimit (pid, RLIMIT_CORE, &none, NULL);
  if (spawn->max_memory > 0)
    prlimit (pid, RLIMIT_AS, &memory, NULL);
}

static gboolean
start (Child *child, const AakSpawn *spawn, GError **error)
{
  g_auto (AakFd) input = -1, extra = -1, out_w = -1, err_w = -1;
  if (!open_inputs (spawn, &input, &extra, error))
    return FALSE;
  int pair[2];
  for (int i = 0; i < 2; i++)
    {
      if (pipe2 (pair, O_CLOEXEC) < 0)
        return aak_error_set_errno (error, errno, "cannot make a pipe");
      child->fds[i] = pair[0];
      *(i == 0 ? &out_w : &err_w) = pair[1];
    }
  if (!above_standard (&out_w) || !above_standard (&err_w))
    return aak_error_set_errno (error, errno, "cannot duplicate a descriptor");

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init (&actions);
  plan_descriptors (&actions, input, extra, (int[]){ out_w, err_w });
  int result = spawn_with (&child->pid, spawn, &actions);
  posix_spawn_file_actions_destroy (&actions);
  if (result != 0)
    return aak_error_set_errno (error, result, "cannot run %s", spawn->argv[0]);
  child->pidfd = pidfd_open (child->pid, 0);
  if (child->pidfd < 0)
    {
      int saved = errno;
      kill (-child->pid, SIGKILL);
      waitpid (child->pid, NULL, 0);
      return aak_error_set_errno (error, saved, "cannot watch %s", spawn->argv[0]);
    }
  limit (child->pid, spawn);
  return TRUE;
}

/* Takes what can be read of stream @i; closes it at its end. FALSE where there is more than the
 * limit. */
static gboolean
drain (Child *child, int i)
{
  guint8 chunk[65536];
  ssize_t n = read (child->fds[i], chunk, sizeof chunk);
  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (n <= 0)
    {
      aak_fd_clear (&child->fds[i]);
      return TRUE;
    }
  gsize room = child->max - MIN (child->data[i]->len, child->max);
  g_byte_array_append (child->data[i], chunk, (guint) MIN ((gsize) n, room));
  return (gsize) n <= room;
}

/* Reads until the child has ended and closed its streams, or a limit is hit. */
static void
attend (Child *child, AakSpawnResult *result)
{
  while (!child->exited || child->fds[0] >= 0 || child->fds[1] >= 0)
    {
      gint64 left = child->deadline - g_get_monotonic_time ();
      if (left <= 0)
        {
          result->timed_out = TRUE;
          return;
        }
      struct pollfd polls[N_WATCHED] = {
        [STREAM_OUT] = { child->fds[0], POLLIN, 0 },
        [STREAM_ERR] = { child->fds[1], POLLIN, 0 },
        [CHILD_EXIT] = { child->exited ? -1 : child->pidfd, POLLIN, 0 },
        [STOP] = { child->stop_fd, POLLIN, 0 },
      };
      int timeout = (int) MIN (left / 1000 + 1, G_MAXINT);
      if (poll (polls, N_WATCHED, timeout) <= 0)
        continue;
      if (polls[STOP].revents != 0)
        {
          result->stopped = TRUE;
          return;
        }
      for (int i = 0; i < 2; i++)
        if (polls[i].revents != 0 && !drain (child, i))
          {
            result->flooded = TRUE;
            return;
          }
      if (polls[CHILD_EXIT].revents != 0)
        {
          child->exited = TRUE;
          kill (-child->pid, SIGKILL); /* a grandchild could hold the streams open */
        }
    }
}

static void
reap (Child *child, AakSpawnResult *result)
{
  kill (-child->pid, SIGKILL); /* before the wait: until then the id is ours */
  int status = 0;
  pid_t done;
  do
    done = waitpid (child->pid, &status, 0);
  while (done < 0 && errno == EINTR);
  result->status = done > 0 && WIFEXITED (status) ? WEXITSTATUS (status) : -1;
  result->signal = done > 0 && WIFSIGNALED (status) ? WTERMSIG (status) : 0;
}

static AakSpawnResult *
run (const AakSpawn *spawn, GError **error)
{
  g_auto (Child) child = {
    .pidfd = -1,
    .fds = { -1, -1 },
    .data = { g_byte_array_new (), g_byte_array_new () },
    .max = spawn->max_output,
    .deadline = g_get_monotonic_time () + (gint64) spawn->timeout_ms * 1000,
    .stop_fd = spawn->stop_fd > 0 ? spawn->stop_fd : -1,
  };
  if (!start (&child, spawn, error))
    return NULL;

  AakSpawnResult *result = g_new0 (AakSpawnResult, 1);
  attend (&child, result);
  reap (&child, result);
  result->out = g_byte_array_free_to_bytes (g_steal_pointer (&child.data[0]));
  result->err = g_byte_array_free_to_bytes (g_steal_pointer (&child.data[1]));
  return result;
}

/* --- without privileges ---------------------------------------------------------------------- */

typedef struct
{
  const AakSpawn *spawn;
  AakSpawnResult *result;
  GError *error;
} Bare;

static gpointer
run_bare (gpointer data)
{
  Bare *bare = data;
  if (aak_privileges_drop_thread (&bare->error))
    bare->result = run (bare->spawn, &bare->error);
  return NULL;
}

/* Capabilities are a thread's, and a child has those of the thread that starts it. */
AakSpawnResult *
aak_spawn_run (const AakSpawn *spawn, GError **error)
{
  if (!aak_privileges_are_final ())
    return run (spawn, error);
  Bare bare = { .spawn = spawn };
  GThread *thread = g_thread_try_new ("spawn", run_bare, &bare, error);
  if (thread == NULL)
    return NULL;
  g_thread_join (thread);
  if (bare.error != NULL)
    g_propagate_error (error, bare.error);
  return bare.result;
}
