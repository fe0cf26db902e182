/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading overlay mounts out of mountinfo. */
#include "config.h"

#include "learn/overlay.h"

#include <string.h>

#define MOUNT_POINT 4 /* the field, from 0 */

/* The value of upperdir= in the options of a filesystem; blanks, commas and backslashes in it are
 * written as octal numbers. */
static char *
upper_of (const char *options)
{
  static const char key[] = "upperdir=";
  g_auto (GStrv) list = g_strsplit (options, ",", -1);
  for (char **option = list; *option != NULL; option++)
    if (g_str_has_prefix (*option, key))
      return g_strcompress (*option + strlen (key));
  return NULL;
}

/* The upper directory where @line is an overlay's, mounted at @dir. */
static char *
upper_of_line (const char *line, const char *dir)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);
  guint count = g_strv_length (fields), dash = MOUNT_POINT + 1;
  while (dash < count && strcmp (fields[dash], "-") != 0)
    dash++;
  /* Behind the dash: type, source and options. */
  if (dash + 3 >= count || strcmp (fields[dash + 1], "overlay") != 0)
    return NULL;
  g_autofree char *point = g_strcompress (fields[MOUNT_POINT]);
  return strcmp (point, dir) == 0 ? upper_of (fields[dash + 3]) : NULL;
}

char *
aak_overlay_upper (const char *mountinfo, const char *dir)
{
  g_auto (GStrv) lines = g_strsplit (mountinfo, "\n", -1);
  char *upper = NULL;
  for (char **line = lines; *line != NULL; line++)
    {
      char *found = upper_of_line (*line, dir);
      if (found == NULL)
        continue;
      g_free (upper); /* the last one mounted covers the others */
      upper = found;
    }
  return upper;
}
