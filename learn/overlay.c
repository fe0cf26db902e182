/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading overlay mounts out of mountinfo. */
#include "config.h"

#include "learn/overlay.h"

#include "learn/mountinfo.h"

#include <string.h>

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

/* What is looked for, and what was found. */
typedef struct
{
  const char *dir;
  char *upper;
} Search;

/* The last one mounted covers the others. */
static void
look_at (const AakMount *mount, gpointer data)
{
  Search *search = data;
  if (strcmp (mount->type, "overlay") != 0 || strcmp (mount->point, search->dir) != 0)
    return;
  char *upper = upper_of (mount->super);
  if (upper == NULL)
    return;
  g_free (search->upper);
  search->upper = upper;
}

char *
aak_overlay_upper (const char *mountinfo, const char *dir)
{
  Search search = { dir, NULL };
  aak_mountinfo_each (mountinfo, look_at, &search);
  return search.upper;
}
