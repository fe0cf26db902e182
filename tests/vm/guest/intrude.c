// SPDX-License-Identifier: GPL-2.0-or-later
// What a compromised container does: intrude [open PATH | connect PATH | trace | mount DIR]...
// Prints "done" or the name of the error, a line each.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int
open_file (const char *path)
{
  return open (path, O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
}

static int
connect_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  strncpy (address.sun_path, path, sizeof address.sun_path - 1);
  return fd < 0 ? -1 : connect (fd, (struct sockaddr *) &address, sizeof address);
}

static int
trace_another (void)
{
  pid_t other = fork ();
  if (other == 0)
    for (;;)
      pause ();
  int result = ptrace (PTRACE_ATTACH, other, NULL, NULL) == 0 ? 0 : -1;
  int why = errno;
  kill (other, SIGKILL);
  waitpid (other, NULL, 0);
  errno = why;
  return result;
}

static int
mount_and_unmount (const char *dir)
{
  if (mount ("tmpfs", dir, "tmpfs", 0, NULL) != 0)
    return -1;
  return umount2 (dir, MNT_DETACH);
}

static const struct
{
  const char *name;
  int (*with_path) (const char *path);
  int (*alone) (void);
} deeds[] = {
  { "open", open_file, NULL },
  { "connect", connect_socket, NULL },
  { "mount", mount_and_unmount, NULL },
  { "trace", NULL, trace_another },
};

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      size_t n = 0;
      while (n < sizeof deeds / sizeof *deeds && strcmp (argv[i], deeds[n].name) != 0)
        n++;
      if (n == sizeof deeds / sizeof *deeds || (deeds[n].with_path != NULL && i + 1 == argc))
        return 2;
      int result = deeds[n].alone != NULL ? deeds[n].alone () : deeds[n].with_path (argv[++i]);
      puts (result == 0 ? "done" : strerrorname_np (errno));
    }
  return 0;
}
