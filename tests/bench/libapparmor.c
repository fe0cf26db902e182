/* SPDX-License-Identifier: GPL-2.0-or-later
 * A bench's other side: every line of a log through libapparmor's parser, or with a second argument
 * only those that hold "apparmor=". Prints how many were records, and how many it called invalid.
 */
#include <aalogparse/aalogparse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main (int argc, char **argv)
{
  FILE *log = argc >= 2 ? fopen (argv[1], "r") : NULL;
  char *line = NULL;
  size_t size = 0;
  unsigned long records = 0, invalid = 0;
  if (log == NULL)
    return 2;
  while (getline (&line, &size, log) > 0)
    {
      if (argc > 2 && strstr (line, "apparmor=") == NULL)
        continue;
      aa_log_record *record = parse_record (line);
      if (record == NULL || record->event == AA_RECORD_INVALID)
        invalid++;
      else
        records++;
      if (record != NULL)
        free_record (record);
    }
  free (line);
  fclose (log);
  printf ("%lu records, %lu invalid\n", records, invalid);
  return 0;
}
