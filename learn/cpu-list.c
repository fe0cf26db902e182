/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading and writing lists of processors. */
#include "config.h"

#include "learn/cpu-list.h"

static gboolean
parse_number (const char **at, guint *out)
{
  if (!g_ascii_isdigit (**at))
    return FALSE;
  char *end = NULL;
  guint64 number = g_ascii_strtoull (*at, &end, 10);
  *at = end;
  *out = (guint) MIN (number, (guint64) AAK_CPU_MAX);
  return number < AAK_CPU_MAX;
}

/* "3" or "3-7" */
static gboolean
parse_range (const char **at, GArray *cpus)
{
  guint first, last;
  if (!parse_number (at, &first))
    return FALSE;
  last = first;
  if (**at == '-')
    {
      ++*at;
      if (!parse_number (at, &last) || last < first)
        return FALSE;
    }
  for (guint cpu = first; cpu <= last; cpu++)
    g_array_append_val (cpus, cpu);
  return cpus->len <= AAK_CPU_MAX;
}

GArray *
aak_cpu_list_parse (const char *text)
{
  g_autoptr (GArray) cpus = g_array_new (FALSE, FALSE, sizeof (guint));
  const char *at = text;
  do
    if (!parse_range (&at, cpus))
      return NULL;
  while (*at++ == ',');
  return at[-1] == '\0' ? g_steal_pointer (&cpus) : NULL;
}

char *
aak_cpu_list_format (const GArray *cpus)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < cpus->len;)
    {
      guint first = g_array_index (cpus, guint, i), last = first;
      for (i++; i < cpus->len && g_array_index (cpus, guint, i) == last + 1; i++)
        last++;
      g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", first);
      if (last > first)
        g_string_append_printf (text, "-%u", last);
    }
  return g_string_free (text, FALSE);
}
