/* SPDX-License-Identifier: GPL-2.0-or-later
 * The certain passes: parts of a path that change from one run to the next by their nature. Each
 * pass looks at one component of a path and says what stands for it. */
#include "config.h"

#include "learn/path-pattern.h"

#include <string.h>

typedef struct
{
  char **components; /* without the empty one before the first slash */
  guint index;
  gboolean last;
  gboolean created;
  gboolean library;
} Place;

/* Each returns the pattern that stands for the component, or NULL. */
typedef char *(*Pass) (const Place *place);

void
aak_path_pattern_append_literal (GString *out, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    {
      guchar c = (guchar) bytes[i];
      if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
        g_string_append_printf (out, "\\%03o", c);
      else if (strchr ("*?[]{}^", c) != NULL)
        g_string_append_printf (out, "\\%c", c);
      else
        g_string_append_c (out, (char) c);
    }
}

void
aak_path_pattern_append_name (GString *out, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if (i > 0 && bytes[i] == '/' && bytes[i - 1] == '/')
      g_string_append (out, "[/]");
    else
      aak_path_pattern_append_literal (out, bytes + i, 1);
}

const char *
aak_path_pattern_take_escape (const char *at, guchar *out)
{
  guint byte = 0, digits = 0;
  for (; digits < 3 && at[digits] >= '0' && at[digits] <= '7'; digits++)
    byte = byte * 8 + (guint) (at[digits] - '0');
  gboolean octal = digits == 3 && byte <= 0xff;
  *out = octal ? (guchar) byte : (guchar) *at;
  if (octal)
    return at + 3;
  return *at != '\0' ? at + 1 : NULL;
}

char *
aak_path_pattern_quote (const char *pattern)
{
  for (const char *p = pattern; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("/._-+@%:~*?[]{}", *p) == NULL)
      return g_strdup_printf ("\"%s\"", pattern);
  return g_strdup (pattern);
}

/* --- pieces ---------------------------------------------------------------------------------- */

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static gboolean
below (const Place *place, guint depth, const char *name)
{
  return place->index >= depth && strcmp (place->components[depth], name) == 0;
}

/* --- passes ---------------------------------------------------------------------------------- */

/* /proc/PID */
static char *
pass_pid (const Place *place)
{
  gboolean hit = place->index == 1 && below (place, 0, "proc") && is_number (place->components[1]);
  return hit ? g_strdup ("@{pid}") : NULL;
}

/* /proc/PID/task/TID */
static char *
pass_tid (const Place *place)
{
  gboolean hit = place->index == 3 && below (place, 0, "proc") && below (place, 2, "task")
                 && is_number (place->components[3]);
  return hit ? g_strdup ("@{tid}") : NULL;
}

/* /proc/PID/fd/N, /proc/PID/fdinfo/N, /dev/pts/N */
static char *
pass_number (const Place *place)
{
  gboolean proc = place->index == 3 && below (place, 0, "proc")
                  && (below (place, 2, "fd") || below (place, 2, "fdinfo"));
  gboolean pts = place->index == 2 && below (place, 0, "dev") && below (place, 1, "pts");
  return (proc || pts) && is_number (place->components[place->index]) ? g_strdup ("[0-9]*") : NULL;
}

/* "..2026_11_21_10_00_00.123456789": the generation directory of a ConfigMap, Secret, downward API
 * or serviceaccount volume (Kubernetes, pkg/volume/util/atomic_writer.go); every update makes a new
 * one. */
static char *
pass_generation (const Place *place)
{
  const char *name = place->components[place->index];
  static const char form[] = "..dddd_dd_dd_dd_dd_dd.";
  gsize i = 0;
  for (; form[i] != '\0'; i++)
    if (form[i] == 'd' ? !g_ascii_isdigit (name[i]) : name[i] != form[i])
      return NULL;
  return is_number (name + i) ? g_strdup ("..[0-9]*") : NULL;
}

/* 8-4-4-4-12 hex digits */
static char *
pass_uuid (const Place *place)
{
  const char *name = place->components[place->index];
  if (strlen (name) != 36)
    return NULL;
  for (gsize i = 0; i < 36; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? name[i] != '-' : !g_ascii_isxdigit (name[i]))
        return NULL;
    }
  return g_strdup ("@{uuid}");
}

/* libssl.so.3, libz.so.1.2.13: the same library after an image was rebuilt */
static char *
pass_library (const Place *place)
{
  const char *name = place->components[place->index];
  const char *version = place->last && place->library ? strstr (name, ".so.") : NULL;
  if (version == NULL || version == name
      || strspn (version + 4, "0123456789.") != strlen (version + 4)
      || !g_ascii_isdigit (version[4]))
    return NULL;
  GString *out = g_string_new (NULL);
  aak_path_pattern_append_literal (out, name, (gsize) (version - name) + 4);
  g_string_append (out, "[0-9]*");
  return g_string_free (out, FALSE);
}

/* A counter or a pid in a name that the application created: temp-12.rdb, 0000000007 */
static char *
pass_counter (const Place *place)
{
  const char *name = place->components[place->index];
  if (!place->created || strcspn (name, "0123456789") == strlen (name))
    return NULL;
  GString *out = g_string_new (NULL);
  while (*name != '\0')
    {
      gsize plain = strcspn (name, "0123456789"), digits = strspn (name + plain, "0123456789");
      aak_path_pattern_append_literal (out, name, plain);
      if (digits > 0)
        g_string_append (out, "[0-9]*");
      name += plain + digits;
    }
  return g_string_free (out, FALSE);
}

/* mkstemp(): six random letters and digits at the end of a name that the application created. They
 * hold a capital or a digit among lower case letters, or the reverse; a plain word does not. */
static char *
pass_temporary (const Place *place)
{
  const char *name = place->components[place->index];
  gsize len = strlen (name);
  if (!place->created || len < 7)
    return NULL;
  const char *suffix = name + len - 6;
  gboolean lower = FALSE, other = FALSE;
  for (gsize i = 0; i < 6; i++)
    {
      if (!g_ascii_isalnum (suffix[i]))
        return NULL;
      lower |= g_ascii_islower (suffix[i]);
      other |= !g_ascii_islower (suffix[i]) && i > 0;
    }
  if (!lower || !other || g_ascii_isdigit (suffix[-1]))
    return NULL;
  GString *out = g_string_new (NULL);
  aak_path_pattern_append_literal (out, name, len - 6);
  g_string_append (out, "??????");
  return g_string_free (out, FALSE);
}

static const struct
{
  const char *name;
  Pass run;
} passes[] = {
  { "pid", pass_pid },
  { "tid", pass_tid },
  { "number", pass_number },
  { "generation", pass_generation },
  { "uuid", pass_uuid },
  { "library", pass_library },
  { "temporary", pass_temporary },
  { "counter", pass_counter },
};

/* TRUE where the application created what @path names up to the end of the component that begins at
 * @from. */
static gboolean
is_created (const AakPathContext *context, const char *path, const char *from)
{
  const char *slash = strchr (from, '/');
  g_autofree char *prefix =
      slash != NULL ? g_strndup (path, (gsize) (slash - path) + 1) : g_strdup (path);
  return g_hash_table_contains (context->created, prefix);
}

/* What stands for the component at @place, and the pass that says so; NULL: its literal self. */
static char *
widen (const Place *place, const char **out_pass)
{
  for (gsize p = 0; p < G_N_ELEMENTS (passes); p++)
    {
      char *widened = passes[p].run (place);
      if (widened == NULL)
        continue;
      *out_pass = passes[p].name;
      return widened;
    }
  return NULL;
}

char *
aak_path_pattern_for (const char *path, const AakPathContext *context, const char **out_pass)
{
  const char *at = *path == '/' ? path + 1 : path;
  g_auto (GStrv) components = g_strsplit (at, "/", -1);
  g_autoptr (GString) out = g_string_new (*components == NULL ? "/" : NULL);
  *out_pass = NULL;
  for (guint i = 0; components[i] != NULL; at += strlen (components[i]) + 1, i++)
    {
      Place place = { components, i, components[i + 1] == NULL, FALSE, context->library };
      place.created = !context->exact && is_created (context, path, at);
      g_autofree char *widened =
          context->exact || *components[i] == '\0' ? NULL : widen (&place, out_pass);
      /* Of several slashes the parser would make one. */
      g_string_append (out, i > 0 && *components[i - 1] == '\0' ? "[/]" : "/");
      if (widened != NULL)
        g_string_append (out, widened);
      else
        aak_path_pattern_append_literal (out, components[i], strlen (components[i]));
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
