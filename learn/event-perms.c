/* SPDX-License-Identifier: GPL-2.0-or-later
 * Permissions as the kernel's masks, the rules and the state write them. */
#include "config.h"

#include "learn/event.h"

#include <string.h>

static const struct
{
  const char *word;
  AakPerm perm;
} perm_words[] = {
  { "send", AAK_PERM_SEND },       { "receive", AAK_PERM_RECEIVE },
  { "read", AAK_PERM_READ },       { "trace", AAK_PERM_TRACE },
  { "readby", AAK_PERM_READBY },   { "tracedby", AAK_PERM_TRACEDBY },
  { "create", AAK_PERM_CREATE },   { "bind", AAK_PERM_BIND },
  { "connect", AAK_PERM_CONNECT }, { "listen", AAK_PERM_LISTEN },
  { "accept", AAK_PERM_ACCEPT },   { "getattr", AAK_PERM_GETATTR },
  { "setattr", AAK_PERM_SETATTR }, { "getopt", AAK_PERM_GETOPT },
  { "setopt", AAK_PERM_SETOPT },   { "shutdown", AAK_PERM_SHUTDOWN },
  { "write", AAK_PERM_WRITE },     { "open", AAK_PERM_OPEN },
  { "delete", AAK_PERM_DELETE },   { "eavesdrop", AAK_PERM_EAVESDROP },
};
static const char perm_letters[] = "rwaxmlkcd"; /* in the order of the bits */

static guint
word_to_perm (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (perm_words); i++)
    if (strcmp (perm_words[i].word, word) == 0)
      return perm_words[i].perm;
  return 0;
}

gboolean
aak_perms_from_letters (const char *letters, guint *out)
{
  guint perms = 0;
  for (; *letters != '\0'; letters++)
    {
      const char *at = strchr (perm_letters, *letters);
      if (at == NULL)
        return FALSE;
      perms |= 1u << (at - perm_letters);
    }
  *out = perms;
  return perms != 0;
}

gboolean
aak_perms_from_words (const char *text, guint *out)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,", -1);
  guint perms = 0;
  for (char **word = words; *word != NULL; word++)
    {
      if (**word == '\0')
        continue;
      guint perm = word_to_perm (*word);
      if (perm == 0)
        return FALSE;
      perms |= perm;
    }
  *out = perms;
  return perms != 0;
}

char *
aak_perms_to_text (guint perms)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; perm_letters[i] != '\0'; i++)
    if (perms & (1u << i))
      g_string_append_c (text, perm_letters[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (perm_words); i++)
    if (perms & perm_words[i].perm)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", perm_words[i].word);
  return g_string_free (text, FALSE);
}

gboolean
aak_perms_from_text (const char *text, guint *out)
{
  return aak_perms_from_letters (text, out) || aak_perms_from_words (text, out);
}
