/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing features of the node. Format: Node Feature Discovery, customization guide, "Local feature
 * source"; what a label can be: Kubernetes, "Labels and Selectors". */
#include "config.h"

#include "register/nfd.h"

#include "lib/sha256.h"

#include <string.h>

/* Of the part of a label's key behind the slash. */
#define MAX_KEY 63
#define PROFILE AAK_NFD_PREFIX "profile."
/* A label's value has 63 characters at most. */
#define DIGEST_HEX 32

static gboolean
is_label_char (char c, gboolean at_end)
{
  return g_ascii_isalnum (c) || (!at_end && (c == '-' || c == '_' || c == '.'));
}

/* TRUE where @name can be the end of a label's key. */
static gboolean
fits (const char *name)
{
  gsize len = strlen (name), before = strlen (strchr (PROFILE, '/') + 1);
  if (len == 0 || before + len > MAX_KEY)
    return FALSE;
  for (gsize i = 0; i < len; i++)
    if (!is_label_char (name[i], i == len - 1))
      return FALSE;
  return TRUE;
}

/* The content goes in as it was registered, which is the same under every kernel. */
static void
digest_profile (AakSha256 *digest, const AakStatus *status, const AakStatusRow *row)
{
  const AakStoreEntry *entry = aak_store_find (status->store, row->name);
  aak_sha256_feed_text (digest, row->name);
  aak_sha256_feed_text (digest, aak_mode_name (row->loaded->mode));
  for (guint i = 0; entry != NULL && i < entry->parts->len; i++)
    {
      const AakStorePart *part = entry->parts->pdata[i];
      aak_sha256_feed_text (digest, part->name);
      aak_sha256_feed_text (digest, part->sha256);
    }
}

static void
add_profiles (GString *text, const AakStatus *status)
{
  AakSha256 digest;
  aak_sha256_begin (&digest);
  guint count = 0, listed = 0;
  for (guint i = 0; i < status->rows->len; i++)
    {
      const AakStatusRow *row = status->rows->pdata[i];
      if (row->state != AAK_STATUS_LOADED || row->loaded == NULL)
        continue;
      count++;
      digest_profile (&digest, status, row);
      if (listed == AAK_NFD_MAX_PROFILES || !fits (row->name))
        continue;
      g_string_append_printf (text, PROFILE "%s=%s\n", row->name,
                              aak_mode_name (row->loaded->mode));
      listed++;
    }
  g_autofree char *hex = aak_sha256_end (&digest);
  g_string_append_printf (text,
                          AAK_NFD_PREFIX "profiles.count=%u\n" AAK_NFD_PREFIX
                                         "profiles.unlisted=%u\n" AAK_NFD_PREFIX
                                         "profiles.digest=%.*s\n",
                          count, count - listed, DIGEST_HEX, hex);
}

char *
aak_nfd_text (const AakStatus *status, gint64 expiry)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (expiry);
  g_autofree char *until = time != NULL ? g_date_time_format (time, "%FT%TZ") : NULL;
  gboolean ready =
      status->counts[AAK_STATUS_DRIFTED] == 0 && status->counts[AAK_STATUS_MISSING] == 0;
  g_string_append_printf (text, "# +expiry-time=%s\n",
                          until != NULL ? until : "1970-01-01T00:00:00Z");
  add_profiles (text, status);
  g_string_append_printf (text, AAK_NFD_PREFIX "profiles.ready=%s\n", ready ? "true" : "false");
  return g_string_free (text, FALSE);
}
