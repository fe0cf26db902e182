/* SPDX-License-Identifier: GPL-2.0-or-later
 * A workload of a given rate: flood FILE TASKS RATE SECONDS has TASKS processes open FILE, together
 * RATE times a second (0: as often as they can), and prints how many opens there were, and in how
 * many microseconds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long
now_us (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Opens until @end; @rate a second, 0: without a pause. */
static long
open_until (const char *path, long end, double rate)
{
  long count = 0, begin = now_us ();
  for (long now = begin; now < end; now = now_us ())
    {
      if (rate > 0 && (double) count > rate * (double) (now - begin) / 1e6)
        {
          usleep (500);
          continue;
        }
      int fd = open (path, O_RDONLY);
      if (fd < 0)
        _exit (1);
      close (fd);
      count++;
    }
  return count;
}

int
main (int argc, char **argv)
{
  if (argc != 5)
    return 2;
  int tasks = atoi (argv[2]);
  double rate = atof (argv[3]) / tasks;
  long *counts = mmap (NULL, sizeof (long) * (size_t) tasks, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  long begin = now_us (), end = begin + atol (argv[4]) * 1000000, sum = 0;
  for (int i = 0; i < tasks; i++)
    if (fork () == 0)
      {
        counts[i] = open_until (argv[1], end, rate);
        _exit (0);
      }
  int failed = 0, status;
  while (wait (&status) > 0)
    failed |= status;
  long took = now_us () - begin;
  for (int i = 0; i < tasks; i++)
    sum += counts[i];
  printf ("%ld %ld\n", sum, took);
  return failed != 0;
}
