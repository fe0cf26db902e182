/* SPDX-License-Identifier: GPL-2.0-or-later
 * Keys and signatures: those of RFC 8032, and not one byte beside them. */
#include "lib/error.h"
#include "lib/sha256.h"
#include "lib/sign-key.h"
#include "lib/signature.h"
#include "lib/verify-key.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 8032, section 7.1, TEST 1, in the forms of 'openssl pkey'. */
#define PRIVATE                                                        \
  "-----BEGIN PRIVATE KEY-----\n"                                      \
  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n" \
  "-----END PRIVATE KEY-----\n"
#define PUBLIC                                                     \
  "-----BEGIN PUBLIC KEY-----\n"                                   \
  "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n" \
  "-----END PUBLIC KEY-----\n"
#define SIGNATURE \
  "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw=="
/* TEST 2's key. */
#define OTHER_PRIVATE                                                  \
  "-----BEGIN PRIVATE KEY-----\n"                                      \
  "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n" \
  "-----END PRIVATE KEY-----\n"
#define MANIFEST "schema: \"aakit/bundle/1\"\ntool: \"aakit\"\nprofiles: []\n"

static AakSignKey *
sign_key (const char *pem)
{
  g_autoptr (GError) error = NULL;
  AakSignKey *key = aak_sign_key_parse ("key", pem, strlen (pem), &error);
  cr_assert_not_null (key, "%s", error != NULL ? error->message : "");
  return key;
}

static AakVerifyKey *
verify_key (const char *pem, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (pem, strlen (pem));
  return aak_verify_key_parse ("key", bytes, error);
}

static GPtrArray *
sign_keys (const char *first, const char *second)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_sign_key_free);
  g_ptr_array_add (keys, sign_key (first));
  if (second != NULL)
    g_ptr_array_add (keys, sign_key (second));
  return keys;
}

static GPtrArray *
public_keys (void)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (keys, verify_key (PUBLIC, NULL));
  return keys;
}

Test (signature, of_the_rfc)
{
  g_autoptr (GPtrArray) keys = sign_keys (PRIVATE, NULL);
  g_autofree AakVerifyKey *public = verify_key (PUBLIC, NULL);
  cr_assert_not_null (public);
  const AakVerifyKey *belongs = aak_sign_key_public (keys->pdata[0]);
  cr_expect_arr_eq (belongs->bytes, public->bytes, AAK_VERIFY_KEY_SIZE);
  cr_expect_str_eq (belongs->id, public->id);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) made = aak_signature_make (keys, empty);
  g_autofree char *wanted =
      g_strdup_printf ("aakit/signature/1\ned25519 %s %s\n", public->id, SIGNATURE);
  cr_expect_eq (g_bytes_get_size (made), strlen (wanted));
  cr_expect_arr_eq (g_bytes_get_data (made, NULL), wanted, strlen (wanted));
  g_autoptr (GPtrArray) publics = public_keys ();
  cr_expect (aak_signature_check ("m", made, empty, publics, NULL));
}

/* As the header says: openssl pkey -pubin -outform DER | sha256sum */
Test (signature, the_id_of_a_key)
{
  g_autofree AakVerifyKey *key = verify_key (PUBLIC, NULL);
  gsize len = 0;
  g_autofree guint8 *der =
      g_base64_decode ("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", &len);
  g_autoptr (GBytes) bytes = g_bytes_new_static (der, len);
  g_autofree char *sum = aak_sha256_of (bytes);
  cr_expect_eq (strlen (key->id), AAK_VERIFY_KEY_ID_LEN);
  cr_expect_eq (strncmp (key->id, sum, AAK_VERIFY_KEY_ID_LEN), 0);
}

Test (signature, every_altered_byte_is_found)
{
  g_autoptr (GPtrArray) keys = sign_keys (PRIVATE, NULL), publics = public_keys ();
  g_autoptr (GBytes) manifest = g_bytes_new_static (MANIFEST, strlen (MANIFEST));
  g_autoptr (GBytes) made = aak_signature_make (keys, manifest);
  GBytes *const parts[] = { manifest, made };
  cr_assert (aak_signature_check ("m", made, manifest, publics, NULL));
  for (guint part = 0; part < 2; part++)
    {
      gsize len = g_bytes_get_size (parts[part]);
      for (gsize at = 0; at < len; at++)
        for (guint bit = 0; bit < 8; bit++)
          {
            g_autoptr (GError) error = NULL;
            g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (parts[part], NULL), len);
            copy[at] ^= (guint8) (1u << bit);
            g_autoptr (GBytes) altered = g_bytes_new_static (copy, len);
            cr_assert_not (aak_signature_check ("m", part == 1 ? altered : made,
                                                part == 0 ? altered : manifest, publics, &error),
                           "bit %u of byte %zu", bit, at);
            cr_assert (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
          }
    }
  for (gsize len = 0; len < g_bytes_get_size (made); len++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (made, 0, len);
      cr_assert_not (aak_signature_check ("m", part, manifest, publics, NULL), "%zu bytes", len);
    }
}

Test (signature, several_keys)
{
  g_autoptr (GPtrArray) both = sign_keys (PRIVATE, OTHER_PRIVATE),
                        turned = sign_keys (OTHER_PRIVATE, PRIVATE),
                        twice = sign_keys (PRIVATE, PRIVATE), one = sign_keys (PRIVATE, NULL),
                        other = sign_keys (OTHER_PRIVATE, NULL), publics = public_keys ();
  g_autoptr (GBytes) manifest = g_bytes_new_static (MANIFEST, strlen (MANIFEST));
  g_autoptr (GBytes) first = aak_signature_make (both, manifest);
  g_autoptr (GBytes) second = aak_signature_make (turned, manifest);
  g_autoptr (GBytes) third = aak_signature_make (twice, manifest);
  g_autoptr (GBytes) fourth = aak_signature_make (one, manifest);
  g_autoptr (GBytes) fifth = aak_signature_make (other, manifest);
  cr_expect (g_bytes_equal (first, second), "the order of the keys does not matter");
  cr_expect (g_bytes_equal (third, fourth), "a key signs once");
  cr_expect (aak_signature_check ("m", first, manifest, publics, NULL), "one of two is enough");
  g_autoptr (GError) error = NULL;
  cr_expect_not (aak_signature_check ("m", fifth, manifest, publics, &error));
  cr_expect (error != NULL
             && strstr (error->message, aak_sign_key_public (other->pdata[0])->id) != NULL);
}

/* --- forms ----------------------------------------------------------------------------------- */

#define PEM(LABEL, BODY) "-----BEGIN " LABEL "-----\n" BODY "\n-----END " LABEL "-----\n"

static const struct
{
  char pem[300];
  char told[40];
} no_private[] = {
  { "", "not a key in PEM" },
  { PUBLIC, "this is a public key" },
  { PEM ("ENCRYPTED PRIVATE KEY", "MIGbMFc="), "encrypted with a passphrase" },
  { PEM ("OPENSSH PRIVATE KEY", "b3BlbnNzaC1rZXktdjE="), "key of ssh" },
  { PEM ("EC PRIVATE KEY", "MHcCAQEE"), "not a key in PEM" },
  { PEM ("PRIVATE KEY", ""), "not an ed25519 key" },
  /* another algorithm (x25519), and a byte more or less */
  { PEM ("PRIVATE KEY", "MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"),
    "not a private ed25519 key" },
  { PEM ("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9gAA=="),
    "not an ed25519 key" },
  { PEM ("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn8="),
    "not an ed25519 key" },
  { PEM ("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9*"),
    "not an ed25519 key" },
  { "x" PRIVATE, "not a key in PEM" },
  { PRIVATE "x", "not a key in PEM" },
  { PRIVATE PRIVATE, "not a" },
};

Test (signature, what_is_no_private_key)
{
  for (guint i = 0; i < G_N_ELEMENTS (no_private); i++)
    {
      g_autoptr (GError) error = NULL;
      const char *pem = no_private[i].pem;
      cr_expect_null (aak_sign_key_parse ("key", pem, strlen (pem), &error), "row %u", i);
      cr_expect (error != NULL && strstr (error->message, no_private[i].told) != NULL, "row %u: %s",
                 i, error != NULL ? error->message : "");
      cr_expect (error == NULL || strstr (error->message, "MC4") == NULL,
                 "nothing of a key is told");
    }
}

static const struct
{
  char pem[300];
  char told[40];
} no_public[] = {
  { PRIVATE, "this is a private key" },
  { "ssh-ed25519 AAAA", "not a key in PEM" },
  { PEM ("PUBLIC KEY", "MCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
    "not a public ed25519 key" },
  /* points of a small order: 0, 1 */
  { PEM ("PUBLIC KEY", "MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    "not a public ed25519 key" },
  { PEM ("PUBLIC KEY", "MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    "not a public ed25519 key" },
};

Test (signature, what_is_no_public_key)
{
  for (guint i = 0; i < G_N_ELEMENTS (no_public); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_expect_null (verify_key (no_public[i].pem, &error), "row %u", i);
      cr_expect (error != NULL && strstr (error->message, no_public[i].told) != NULL, "row %u: %s",
                 i, error != NULL ? error->message : "");
    }
}

Test (signature, files_of_private_keys)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-key-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "key", NULL);
  cr_assert (g_file_set_contents (path, PRIVATE, -1, NULL));
  static const struct
  {
    mode_t mode;
    gboolean ok;
  } modes[] = { { 0600, TRUE }, { 0400, TRUE }, { 0640, FALSE }, { 0604, FALSE }, { 0620, FALSE } };
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_assert_eq (chmod (path, modes[i].mode), 0);
      g_autoptr (AakSignKey) key = aak_sign_key_read (path, &error);
      cr_expect_eq (key != NULL, modes[i].ok, "%04o: %s", (guint) modes[i].mode,
                    error != NULL ? error->message : "");
    }
  cr_expect_null (aak_sign_key_read (dir, NULL));
  cr_expect_null (aak_sign_key_read ("/dev/zero", NULL));
  g_unlink (path);
  g_rmdir (dir);
}

/* Random bytes are no key and no signature, and neither are damaged ones. */
Test (signature, any_bytes)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8032);
  g_autoptr (GPtrArray) publics = public_keys ();
  g_autoptr (GBytes) manifest = g_bytes_new_static (MANIFEST, strlen (MANIFEST));
  for (guint i = 0; i < 20000; i++)
    {
      char pem[sizeof PRIVATE - 1];
      memcpy (pem, PRIVATE, sizeof pem);
      guint changes = (guint) g_rand_int_range (random, 1, 4);
      for (guint j = 0; j < changes; j++)
        pem[g_rand_int_range (random, 0, sizeof pem)] = (char) g_rand_int (random);
      gsize len = (gsize) g_rand_int_range (random, 0, sizeof pem + 1);
      g_autoptr (AakSignKey) key = aak_sign_key_parse ("key", pem, len, NULL);
      cr_assert (key == NULL || strlen (aak_sign_key_public (key)->id) == AAK_VERIFY_KEY_ID_LEN);
      g_autoptr (GBytes) bytes = g_bytes_new (pem, len);
      g_autofree AakVerifyKey *public = aak_verify_key_parse ("key", bytes, NULL);
      cr_assert_null (public);
      cr_assert_not (aak_signature_check ("m", bytes, manifest, publics, NULL));
    }
}
