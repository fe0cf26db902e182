/* SPDX-License-Identifier: GPL-2.0-or-later
 * Runs a fuzz target over the files of its corpus, as TAP: replay DIR. */
#include "lib/fs.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

#define MAX_BYTES (4u << 20)

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = argc == 2 ? g_dir_open (argv[1], 0, NULL) : NULL;
  unsigned count = 0;
  if (dir == NULL)
    {
      printf ("Bail out! replay takes the directory of a corpus\n");
      return 1;
    }
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      g_autoptr (GBytes) bytes = aak_fs_read (path, MAX_BYTES, NULL);
      gsize size = 0;
      const uint8_t *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
      int failed = bytes == NULL || LLVMFuzzerTestOneInput (data, size) != 0;
      printf ("%sok %u - %s\n", failed ? "not " : "", ++count, name);
      fflush (stdout);
    }
  printf ("1..%u\n", count);
  return 0;
}
