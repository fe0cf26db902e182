/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a key in PEM, and as signatures: what is taken for a key is one as it is written,
 * and the only signature that is good is the one that was made. */
#include "lib/sign-key.h"
#include "lib/signature.h"
#include "lib/verify-key.h"
#include "tests/fuzz/fuzz.h"

#include <glib.h>
#include <string.h>

/* RFC 8032, section 7.1, TEST 1: the key, and its signature of nothing. */
#define PUBLIC                                                     \
  "-----BEGIN PUBLIC KEY-----\n"                                   \
  "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n" \
  "-----END PUBLIC KEY-----\n"
#define SIGNATURE \
  "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==\n"

static gboolean
begins_with (const uint8_t *data, size_t size, const char *text)
{
  return size >= strlen (text) && memcmp (data, text, strlen (text)) == 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size), nothing = g_bytes_new_static ("", 0),
                     pem = g_bytes_new_static (PUBLIC, strlen (PUBLIC));
  g_autofree AakVerifyKey *public = aak_verify_key_parse ("key", text, NULL);
  g_assert (public == NULL || begins_with (data, size, "-----BEGIN PUBLIC KEY-----\n"));
  g_autoptr (AakSignKey) private = aak_sign_key_parse ("key", (const char *) data, size, NULL);
  g_assert (private == NULL || begins_with (data, size, "-----BEGIN PRIVATE KEY-----\n"));
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (keys, aak_verify_key_parse ("key", pem, NULL));
  if (aak_signature_check ("text", text, nothing, keys, NULL))
    g_assert (g_strstr_len ((const char *) data, (gssize) size, SIGNATURE) != NULL);
  if (private != NULL)
    {
      g_autoptr (GPtrArray) signers = g_ptr_array_new ();
      g_ptr_array_add (signers, private);
      g_autoptr (GBytes) made = aak_signature_make (signers, text);
      g_ptr_array_add (keys, g_memdup2 (aak_sign_key_public (private), sizeof (AakVerifyKey)));
      g_assert (aak_signature_check ("text", made, text, keys, NULL));
    }
  return 0;
}
