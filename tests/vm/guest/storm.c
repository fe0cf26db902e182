/* SPDX-License-Identifier: GPL-2.0-or-later
 * A workload that knows what it did: storm PATH N opens PATH N times, waits a second, and opens it
 * once more. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
open_once (const char *path)
{
  int fd = open (path, O_RDONLY);
  if (fd < 0)
    return -1;
  return close (fd);
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    return 2;
  for (long i = strtol (argv[2], NULL, 10); i > 0; i--)
    if (open_once (argv[1]) < 0)
      return 1;
  /* After a storm, so that a gap before it shows. */
  sleep (1);
  return open_once (argv[1]) < 0 ? 1 : 0;
}
