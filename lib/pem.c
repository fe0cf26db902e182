/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A strict reader of PEM. */
#include "config.h"

#include "lib/pem.h"

#include "lib/base64.h"
#include "lib/error.h"

#include <sodium.h>
#include <string.h>

static gboolean
begins_with (const char *text, gsize len, const char *prefix)
{
  return len >= strlen (prefix) && memcmp (text, prefix, strlen (prefix)) == 0;
}

/* What is wrong with a text that does not begin with @label. */
static const char *
tell_other (const char *text, gsize len, const char *label)
{
  static const struct
  {
    const char *begin;
    const char *why;
  } others[] = {
    { "-----BEGIN ENCRYPTED PRIVATE KEY-----",
      "the key is encrypted with a passphrase, which nobody types in a pipeline: 'openssl pkey -in "
      "FILE -out PLAIN' decrypts it into a file, which only you may read" },
    { "-----BEGIN PRIVATE KEY-----",
      "this is a private key: signing takes it, and checking takes what 'openssl pkey -in FILE "
      "-pubout' makes of it" },
    { "-----BEGIN PUBLIC KEY-----", "this is a public key: signing takes the private one" },
    { "-----BEGIN OPENSSH PRIVATE KEY-----",
      "this is a key of ssh: make one with 'openssl genpkey -algorithm ed25519'" },
  };
  g_autofree char *wanted = g_strdup_printf ("-----BEGIN %s-----", label);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (begins_with (text, len, others[i].begin) && strcmp (others[i].begin, wanted) != 0)
      return others[i].why;
  return "not a key in PEM, as 'openssl genpkey -algorithm ed25519' and 'openssl pkey -pubout' "
         "write them";
}

/* Finds the base64 of the one block; NULL where @text is anything else. */
static const char *
find_body (const char *text, gsize len, const char *label, gsize *out_len)
{
  g_autofree char *begin = g_strdup_printf ("-----BEGIN %s-----\n", label);
  g_autofree char *end = g_strdup_printf ("-----END %s-----", label);
  if (len > 0 && text[len - 1] == '\n')
    len--;
  gsize frame = strlen (begin) + strlen (end);
  if (len < frame || !begins_with (text, len, begin)
      || memcmp (text + len - strlen (end), end, strlen (end)) != 0)
    return NULL;
  *out_len = len - frame;
  return text + strlen (begin);
}

gboolean
aak_pem_decode (const char *what, const char *text, gsize text_len, const char *label, guint8 *out,
                gsize len, GError **error)
{
  gsize body_len = 0;
  const char *why = NULL;
  const char *body = find_body (text, text_len, label, &body_len);
  if (body == NULL)
    why = tell_other (text, text_len, label);
  else if (!aak_base64_decode (body, body_len, "\n", out, len))
    why = "not an ed25519 key as 'openssl genpkey -algorithm ed25519' writes it";
  if (why == NULL)
    return TRUE;
  sodium_memzero (out, len);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: %s", what, why);
  return FALSE;
}
