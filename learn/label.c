/* SPDX-License-Identifier: GPL-2.0-or-later
 * Folding and naming of labels. */
#include "config.h"

#include "learn/label.h"

#include "learn/nudge-label.h"

#include <string.h>

/* The profile's name in @label, after ":NS:" or ":NS://"; empty where a namespace has none. */
static const char *
profile_of (const char *label)
{
  if (*label != ':')
    return label;
  const char *colon = strchr (label + 1, ':');
  if (colon == NULL)
    return "";
  return g_str_has_prefix (colon + 1, "//") ? colon + 3 : colon + 1;
}

char *
aak_label_fold (const char *label)
{
  if (strstr (label, "//&") != NULL)
    return g_strdup (label);
  const char *profile = profile_of (label);
  const char *child = strstr (profile, "//");
  return child != NULL && child > profile ? g_strndup (label, (gsize) (child - label))
                                          : g_strdup (label);
}

char *
aak_label_child (const char *label)
{
  const char *profile = profile_of (label), *child = strstr (profile, "//");
  if (strstr (label, "//&") != NULL || child == NULL || child == profile
      || g_str_has_prefix (child, "//null-") || child[2] == '\0')
    return g_strdup ("");
  /* A child that is named by a path makes three slashes. */
  const char *below = strstr (child + 3, "//");
  return below != NULL ? g_strndup (child + 2, (gsize) (below - child - 2)) : g_strdup (child + 2);
}

char *
aak_label_fold_peer (const char *label, const char *own)
{
  g_autofree char *folded = aak_label_fold (label);
  if (strcmp (folded, own) == 0)
    return g_steal_pointer (&folded);
  g_auto (GStrv) parts = g_strsplit (label, "//&", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *null = strstr (parts[i], "//null-");
      if (null != NULL && null > parts[i])
        *null = '\0';
    }
  return g_strjoinv ("//&", parts);
}

gboolean
aak_label_is_own (const char *label)
{
  return strcmp (label, AAK_NUDGE_LABEL) == 0;
}

char *
aak_label_for_pod (const char *pod, const char *container)
{
  return container != NULL ? g_strdup_printf ("k8s-%s-%s", pod, container)
                           : g_strdup_printf ("k8s-%s", pod);
}

gboolean
aak_label_is_pod_name (const char *name)
{
  gsize len = strlen (name);
  if (len == 0 || len > 253 || !g_ascii_isalnum (name[0]) || !g_ascii_isalnum (name[len - 1]))
    return FALSE;
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_islower (name[i]) && !g_ascii_isdigit (name[i]) && name[i] != '-'
        && name[i] != '.')
      return FALSE;
  return TRUE;
}

char *
aak_label_file_name (const char *label)
{
  if (*label == '/')
    label++;
  gsize len = strlen (label);
  if (len == 0 || len > 200 || label[0] == '.' || label[0] == '/')
    return NULL;
  g_autofree char *name = g_strdup (label);
  for (char *p = name; *p != '\0'; p++)
    {
      if (*p == '/')
        *p = '.';
      else if (!g_ascii_isalnum (*p) && strchr ("._-+@", *p) == NULL)
        return NULL;
    }
  return g_steal_pointer (&name);
}
