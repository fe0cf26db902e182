/* SPDX-License-Identifier: GPL-2.0-or-later
 * A workload that knows which capabilities it uses: capable CPU FILE uses chown, setgid, setuid and
 * sys_admin there, one right after the other, five times a second until it is killed. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  if (argc != 3)
    return 2;
  int fd = open (argv[2], O_CREAT | O_RDWR, 0600);
  cpu_set_t one;
  CPU_ZERO (&one);
  CPU_SET (atoi (argv[1]), &one);
  if (fd < 0 || sched_setaffinity (0, sizeof one, &one) != 0)
    return 1;
  for (uid_t owner = 0;; owner = 1 - owner)
    {
      if (fchown (fd, owner, 0) != 0 || syscall (SYS_setgid, 0) != 0 || syscall (SYS_setuid, 0) != 0
          || sethostname ("node", 4) != 0)
        return 1;
      usleep (200000);
    }
}
