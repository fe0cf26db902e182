/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines, and JSON, of what was found in compiled policy. */
#include "config.h"

#include "learn/diff-print.h"

#include "learn/show-part.h"
#include "lib/escape.h"

#include <string.h>

static void
print_compiled_side (AakCli *cli, char sign, const GPtrArray *excess, const char *class)
{
  for (guint i = 0; i < excess->len; i++)
    {
      const AakExcess *one = excess->pdata[i];
      if (strcmp (one->class, class) != 0)
        continue;
      g_autofree char *text = aak_excess_text (one);
      aak_cli_out (cli, "%c %s\n", sign, text);
    }
}

/* Both are in the order of their classes, which are headed by their names. */
void
aak_diff_print_compiled_text (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                              const GPtrArray *only_b)
{
  g_autofree char *a = aak_escape (paths[0], strlen (paths[0]));
  g_autofree char *b = aak_escape (paths[1], strlen (paths[1]));
  if (only_a->len + only_b->len == 0)
    {
      aak_cli_note (cli, "%s and %s allow the same", a, b);
      return;
    }
  aak_cli_out (cli, "--- %s\n+++ %s\n", a, b);
  for (guint i = 0, j = 0; i < only_a->len || j < only_b->len;)
    {
      const AakExcess *one = i < only_a->len ? only_a->pdata[i] : NULL,
                      *other = j < only_b->len ? only_b->pdata[j] : NULL;
      const char *class = other == NULL || (one != NULL && strcmp (one->class, other->class) <= 0)
                              ? one->class
                              : other->class;
      aak_cli_out (cli, "%s\n", class);
      print_compiled_side (cli, '-', only_a, class);
      print_compiled_side (cli, '+', only_b, class);
      while (i < only_a->len && strcmp (((AakExcess *) only_a->pdata[i])->class, class) == 0)
        i++;
      while (j < only_b->len && strcmp (((AakExcess *) only_b->pdata[j])->class, class) == 0)
        j++;
    }
}

static void
add_compiled_side (JsonBuilder *json, const char *key, const GPtrArray *excess)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_array (json);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakExcess *one = excess->pdata[i];
      json_builder_begin_object (json);
      aak_show_add_text (json, "class", one->class);
      aak_show_add_text (json, "rule", one->rule);
      aak_show_add_text (json, "standing", one->unmediated ? "unmediated" : "active");
      json_builder_set_member_name (json, "but");
      json_builder_begin_array (json);
      for (guint j = 0; j < one->but->len; j++)
        json_builder_add_string_value (json, one->but->pdata[j]);
      json_builder_end_array (json);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

void
aak_diff_print_compiled_json (AakCli *cli, char *const *paths, const GPtrArray *only_a,
                              const GPtrArray *only_b)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_show_add_text (json, "schema", "aakit/diff/1");
  aak_show_add_bytes (json, "a", paths[0]);
  aak_show_add_bytes (json, "b", paths[1]);
  add_compiled_side (json, "only_a", only_a);
  add_compiled_side (json, "only_b", only_b);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}
