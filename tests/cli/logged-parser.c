/* SPDX-License-Identifier: GPL-2.0-or-later
 * A compiler that notes each of its starts in the file SELF.log, and then is the program that the
 * link SELF.real leads to. A program and no script: of a script nobody can tell what it runs. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  char path[4096];
  (void) argc;
  snprintf (path, sizeof path, "%s.log", argv[0]);
  int log = open (path, O_WRONLY | O_APPEND | O_CREAT, 0644);
  const char *what =
      argv[1] != NULL && strcmp (argv[1], "--version") == 0 ? "version\n" : "compile\n";
  if (log < 0 || write (log, what, strlen (what)) < 0)
    return 99;
  close (log);
  snprintf (path, sizeof path, "%s.real", argv[0]);
  execv (path, argv);
  return 99;
}
