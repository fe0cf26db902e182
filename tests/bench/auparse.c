/* SPDX-License-Identifier: GPL-2.0-or-later
 * A bench's other side: a log through auparse, which audit's own tools use, and of each AppArmor
 * record the fields that a learner needs. Prints how many records had a profile. */
#include <auparse.h>
#include <libaudit.h>
#include <stdio.h>

int
main (int argc, char **argv)
{
  static const char *const wanted[] = { "operation", "profile", "name", "requested_mask", "ouid" };
  auparse_state_t *log = argc == 2 ? auparse_init (AUSOURCE_FILE, argv[1]) : NULL;
  unsigned long records = 0;
  if (log == NULL)
    return 2;
  while (auparse_next_event (log) > 0)
    do
      {
        if (auparse_get_type (log) != AUDIT_AVC)
          continue;
        unsigned int found = 0;
        for (unsigned int i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
          {
            auparse_first_field (log);
            found |= (auparse_find_field (log, wanted[i]) != NULL) << i;
          }
        records += (found & 2) != 0;
      }
    while (auparse_next_record (log) > 0);
  auparse_destroy (log);
  printf ("%lu records\n", records);
  return 0;
}
