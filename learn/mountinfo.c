/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading mountinfo. */
#include "config.h"

#include "learn/mountinfo.h"

#include <string.h>

/* The fields of a line: ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS */
#define POINT     4
#define OPTIONS   5
#define SEPARATOR "-"
#define TYPE      1 /* from the separator on */
#define SUPER     3

static void
look_at (const char *line, AakMountFunc look, gpointer data)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);
  guint count = g_strv_length (fields), separator = OPTIONS + 1;
  while (separator < count && strcmp (fields[separator], SEPARATOR) != 0)
    separator++;
  /* The last two: not the kernel's. */
  if (separator + SUPER >= count || *fields[POINT] != '/' || g_str_has_suffix (fields[POINT], "\\"))
    return;
  /* Blanks, tabs, newlines and backslashes are written as octal numbers. */
  g_autofree char *point = g_strcompress (fields[POINT]);
  const AakMount mount = { point, fields[OPTIONS], fields[separator + TYPE],
                           fields[separator + SUPER] };
  look (&mount, data);
}

void
aak_mountinfo_each (const char *text, AakMountFunc look, gpointer data)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    look_at (*line, look, data);
}
