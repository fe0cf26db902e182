// SPDX-License-Identifier: GPL-2.0-or-later
// The sandbox container's only process: waits until it is told to end.

#include <signal.h>
#include <unistd.h>

static void
leave (int signal_number)
{
  (void) signal_number;
  _exit (0);
}

int
main (void)
{
  signal (SIGTERM, leave);
  signal (SIGINT, leave);
  for (;;)
    pause ();
}
