/* SPDX-License-Identifier: GPL-2.0-or-later
 * The words of the classes, and the packing of details. */
#include "config.h"

#include "learn/access-fields.h"

#include "lib/escape.h"

#include <string.h>

/* In the order of AakClass. */
static const struct
{
  const char *class;
  const char *name;
  const char *details[AAK_ACCESS_MAX_DETAILS + 1];
} words[] = {
  [AAK_CLASS_FILE] = { "file", "path", { "target" } },
  [AAK_CLASS_CAPABILITY] = { "capability", "capability", { "asked" } },
  [AAK_CLASS_NETWORK] = { "network", "family", { "type" } },
  [AAK_CLASS_SIGNAL] = { "signal", "peer", { "signal" } },
  [AAK_CLASS_PTRACE] = { "ptrace", "peer", { NULL } },
  [AAK_CLASS_UNIX] = { "unix", "type", { "addr", "peer_addr", "peer" } },
  [AAK_CLASS_MOUNT] = { "mount", "mountpoint", { "operation", "source", "fstype", "flags" } },
  [AAK_CLASS_USERNS] = { "userns", "operation", { NULL } },
  [AAK_CLASS_CHANGE_PROFILE] = { "change_profile", "target", { "operation" } },
  [AAK_CLASS_RLIMIT] = { "rlimit", "limit", { "value" } },
  [AAK_CLASS_MQUEUE] = { "mqueue", "name", { "type" } },
  [AAK_CLASS_IO_URING] = { "io_uring", "operation", { "peer" } },
  [AAK_CLASS_DBUS] = { "dbus", "bus", { "path", "interface", "member", "name", "peer" } },
  [AAK_CLASS_EXEC] = { "exec", "target", { "path" } },
  [AAK_CLASS_INET] = { "inet", "family", { "type", "addr", "port", "peer_addr", "peer_port" } },
  [AAK_CLASS_SYSCALL] = { "syscall", "arch", { "name" } },
  [AAK_CLASS_POLICY] = { NULL, NULL, { NULL } },
  [AAK_CLASS_OTHER] = { NULL, NULL, { NULL } },
};

const char *
aak_access_class_word (AakClass class)
{
  return words[class].class;
}

const char *
aak_access_name_word (AakClass class)
{
  return words[class].name;
}

const char *const *
aak_access_detail_words (AakClass class)
{
  return words[class].details;
}

static guint
count_details (AakClass class)
{
  guint n = 0;
  while (words[class].details[n] != NULL)
    n++;
  return n;
}

char *
aak_access_pack (AakClass class, const char *const *values)
{
  guint n = count_details (class);
  if (n <= 1)
    return g_strdup (n == 1 && values[0] != NULL ? values[0] : "");
  GString *packed = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    {
      const char *value = values[i] != NULL ? values[i] : "";
      g_autofree char *text = aak_escape (value, strlen (value));
      g_string_append_printf (packed, "%s%s", i > 0 ? "\t" : "", text);
    }
  return g_string_free (packed, FALSE);
}

char **
aak_access_unpack (AakClass class, const char *detail)
{
  guint n = count_details (class);
  if (n <= 1)
    {
      const char *single[] = { n == 1 ? detail : NULL, NULL };
      return g_strdupv ((char **) single);
    }
  g_auto (GStrv) values = g_strsplit (detail, "\t", -1);
  if (g_strv_length (values) != n)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      gsize len = 0;
      g_autofree char *bytes = aak_unescape (values[i], &len);
      if (bytes == NULL || strlen (bytes) != len)
        return NULL;
      g_free (values[i]);
      values[i] = g_steal_pointer (&bytes);
    }
  return g_steal_pointer (&values);
}

char *
aak_access_text (const char *name, AakClass class, const char *detail, guint perms)
{
  g_auto (GStrv) details = aak_access_unpack (class, detail);
  g_autofree char *letters = aak_perms_to_text (perms);
  g_autofree char *shown_name = aak_escape (name, strlen (name));
  g_autoptr (GString) text = g_string_new (shown_name);
  for (char **part = details; part != NULL && *part != NULL; part++)
    {
      g_autofree char *shown = aak_escape (*part, strlen (*part));
      if (*shown != '\0')
        g_string_append_printf (text, " %s%s", class == AAK_CLASS_FILE ? "-> " : "", shown);
    }
  if (*letters != '\0')
    g_string_append_printf (text, " %s", letters);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
