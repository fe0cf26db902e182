/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Questions about mounts. */
#include "config.h"

#include "lib/policy/question-class.h"

#include <string.h>

static gboolean
read_mount_options (const char *text, guint32 *out_flags, GError **error)
{
  g_auto (GStrv) options = g_strsplit (text, ",", -1);
  for (char **option = options; *option != NULL; option++)
    {
      guint32 flags = 0;
      if (!aak_policy_mount_flags (*option, &flags))
        return aak_asked_bad_word (error, "no option of mounts", *option);
      *out_flags |= flags;
    }
  return TRUE;
}

/* One of source=, fstype=, options= and data=. */
static gboolean
read_mount_word (const char *word, AakMount *mount, GError **error)
{
  const struct
  {
    const char *key;
    AakName *value;
  } parts[] = { { "source=", &mount->source },
                { "fstype=", &mount->type },
                { "data=", &mount->data } };
  if (g_str_has_prefix (word, "options="))
    return read_mount_options (word + strlen ("options="), &mount->flags, error);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_has_prefix (word, parts[i].key))
      {
        *parts[i].value = aak_name (word + strlen (parts[i].key));
        return TRUE;
      }
  return aak_asked_bad_word (error, "none of source=, fstype=, options=, data=", word);
}

gboolean
aak_asked_mount (const AakAsked *asked, AakReply *out, GError **error)
{
  AakMount mount = { .target = aak_name (asked->words[0]) };
  for (guint i = 1; i < asked->n; i++)
    if (!read_mount_word (asked->words[i], &mount, error))
      return FALSE;
  out->words = AAK_PERM_WORDS_MOUNT;
  out->answer = aak_policy_query_mount (asked->profile, &mount);
  return TRUE;
}

gboolean
aak_asked_umount (const AakAsked *asked, AakReply *out, GError **error)
{
  (void) error;
  out->words = AAK_PERM_WORDS_MOUNT;
  out->answer = aak_policy_query_umount (asked->profile, aak_name (asked->words[0]));
  return TRUE;
}

gboolean
aak_asked_pivot_root (const AakAsked *asked, AakReply *out, GError **error)
{
  (void) error;
  out->words = AAK_PERM_WORDS_MOUNT;
  out->answer = aak_policy_query_pivot_root (asked->profile, aak_name (asked->words[0]),
                                             aak_name (asked->words[1]));
  return TRUE;
}
