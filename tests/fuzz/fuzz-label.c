/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a label: folding it once is folding it for good, never leaves its namespace, and no
 * file name leads out of a directory. */
#include "learn/label.h"
#include "tests/fuzz/fuzz.h"

#include <glib.h>
#include <string.h>

static void
check_fold (const char *label)
{
  g_autofree char *folded = aak_label_fold (label);
  g_autofree char *again = aak_label_fold (folded);
  g_assert (strcmp (folded, again) == 0);
  g_assert (g_str_has_prefix (label, folded));
  g_assert ((*label == ':') == (*folded == ':'));
  const char *colon = *label == ':' ? strchr (label + 1, ':') : NULL;
  g_assert (colon == NULL || strncmp (label, folded, (gsize) (colon - label) + 1) == 0);
  const char *rest = label + strlen (folded);
  g_assert (*rest == '\0' || g_str_has_prefix (rest, "//"));
}

static void
check_file_name (const char *label)
{
  g_autofree char *name = aak_label_file_name (label);
  g_assert (name == NULL || (*name != '\0' && *name != '.' && strlen (name) <= 200));
  for (const char *p = name; p != NULL && *p != '\0'; p++)
    g_assert (g_ascii_isalnum (*p) || strchr ("._-+@", *p) != NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *label = g_strndup ((const char *) data, size);
  check_fold (label);
  check_file_name (label);
  aak_label_is_pod_name (label);
  return 0;
}
