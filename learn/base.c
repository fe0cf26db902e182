/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads, compiles and compares a base. */
#include "config.h"

#include "learn/base.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/inclusion.h"
#include "lib/policy/policy.h"

#include <string.h>

struct AakBase
{
  char *name;
  char *label;
  char *root, *features, *includes; /* as in AakPolicyOpen */
  AakOutline *outline;
  const AakOutlineProfile *profile;
  AakBaseText *text;
};

void
aak_base_text_free (AakBaseText *text)
{
  g_clear_pointer (&text->text, g_bytes_unref);
  g_clear_pointer (&text->blob, g_bytes_unref);
  g_clear_pointer (&text->set, aak_policy_set_free);
  g_free (text);
}

void
aak_base_free (AakBase *base)
{
  g_free (base->name);
  g_free (base->label);
  g_free (base->root);
  g_free (base->features);
  g_free (base->includes);
  g_clear_pointer (&base->outline, aak_outline_free);
  g_clear_pointer (&base->text, aak_base_text_free);
  g_free (base);
}

/* Takes nothing. */
static AakBaseText *
unpack (const AakBase *base, GBytes *bytes, GBytes *blob, GError **error)
{
  g_autoptr (AakBaseText) text = g_new0 (AakBaseText, 1);
  text->text = g_bytes_ref (bytes);
  text->blob = g_bytes_ref (blob);
  text->set = aak_policy_set_new (base->name, blob, error);
  if (text->set == NULL)
    return NULL;
  text->profile = aak_policy_set_find (text->set, base->label);
  return g_steal_pointer (&text);
}

static AakBaseText *
compile (const AakBase *base, GBytes *bytes, GError **error)
{
  const AakPolicyOpen where = { base->root, base->features, base->includes };
  g_autoptr (GBytes) blob = aak_policy_compile (base->name, bytes, &where, error);
  return blob != NULL ? unpack (base, bytes, blob, error) : NULL;
}

/* Finds the profile in the text. */
static gboolean
find_profile (AakBase *base, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (base->text->text, &len);
  base->outline = aak_outline_new (base->name, text, len, error);
  base->profile =
      base->outline != NULL ? aak_outline_find (base->outline, base->label, error) : NULL;
  if (base->profile == NULL || base->text->profile != NULL)
    return base->profile != NULL;
  g_autofree char *shown = aak_escape (base->label, strlen (base->label));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:1:1: compiled, it has no profile \"%s\"",
               base->name, shown);
  return FALSE;
}

static AakBase *
base_new (const char *name, const char *label, const AakPolicyOpen *where)
{
  AakBase *base = g_new0 (AakBase, 1);
  base->name = g_strdup (name);
  base->label = g_strdup (label);
  base->root = g_strdup (where->root);
  base->features = g_strdup (where->features);
  base->includes = g_strdup (where->base);
  return base;
}

AakBase *
aak_base_open (const char *path, const char *label, const AakPolicyOpen *where, GError **error)
{
  g_autofree char *name = aak_escape (path, strlen (path));
  g_autoptr (AakBase) base = base_new (name, label, where);
  g_autoptr (GBytes) bytes = aak_policy_read_text (path, error);
  if (bytes == NULL)
    return NULL;
  /* What does not compile is told of by the parser, who knows more of it. */
  base->text = compile (base, bytes, error);
  return base->text != NULL && find_profile (base, error) ? g_steal_pointer (&base) : NULL;
}

AakBase *
aak_base_go_on (const AakBase *base, const AakBaseText *text, const char *label, GError **error)
{
  const AakPolicyOpen where = { base->root, base->features, base->includes };
  g_autoptr (AakBase) next = base_new (base->name, label, &where);
  next->text = unpack (next, text->text, text->blob, error);
  return next->text != NULL && find_profile (next, error) ? g_steal_pointer (&next) : NULL;
}

gboolean
aak_base_has (const AakBase *base, const char *label)
{
  return aak_outline_find (base->outline, label, NULL) != NULL
         && aak_policy_set_find (base->text->set, label) != NULL;
}

gboolean
aak_base_has_children (const AakBase *base)
{
  g_autofree char *prefix = g_strconcat (base->label, "//", NULL);
  GPtrArray *profiles = aak_outline_profiles (base->outline);
  for (guint i = 0; i < profiles->len; i++)
    if (g_str_has_prefix (((const AakOutlineProfile *) profiles->pdata[i])->name, prefix))
      return TRUE;
  return FALSE;
}

const char *
aak_base_name (const AakBase *base)
{
  return base->name;
}

const char *
aak_base_label (const AakBase *base)
{
  return base->label;
}

const AakBaseText *
aak_base_text (const AakBase *base)
{
  return base->text;
}

/* What was written can be read again, and joined by more. */
static gboolean
is_readable (const AakBase *base, GBytes *bytes, GError **error)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (bytes, &len);
  g_autoptr (AakOutline) outline = aak_outline_new (base->name, text, len, error);
  const AakOutlineProfile *profile =
      outline != NULL ? aak_outline_find (outline, base->label, error) : NULL;
  if (profile == NULL)
    g_prefix_error (error, "with the learned rules in it, the base cannot be read again: ");
  return profile != NULL;
}

AakBaseText *
aak_base_join (const AakBase *base, GPtrArray *lines, GError **error)
{
  AakLearnedPlace place = { .what = base->name, .profile = base->profile };
  place.text = g_bytes_get_data (base->text->text, &place.len);
  gsize len = 0;
  char *joined = aak_learned_block_join (&place, lines, &len, error);
  if (joined == NULL)
    return NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_take (joined, len);
  if (!is_readable (base, bytes, error))
    return NULL;
  AakBaseText *text = compile (base, bytes, error);
  if (text == NULL)
    g_prefix_error (error, "with the learned rules in it, the base does not compile: ");
  return text;
}

/* --- nothing is lost ------------------------------------------------------------------------- */

static gboolean
same_bytes (GBytes *a, const AakBlobProfile *in_a, GBytes *b, const AakBlobProfile *in_b)
{
  gsize len = in_a->end - in_a->start;
  return strcmp (in_a->name, in_b->name) == 0 && in_b->end - in_b->start == len
         && memcmp ((const char *) g_bytes_get_data (a, NULL) + in_a->start,
                    (const char *) g_bytes_get_data (b, NULL) + in_b->start, len)
                == 0;
}

static const AakBlobProfile *
find_blob (const GPtrArray *profiles, const char *name)
{
  for (guint i = 0; i < profiles->len; i++)
    if (strcmp (((const AakBlobProfile *) profiles->pdata[i])->name, name) == 0)
      return profiles->pdata[i];
  return NULL;
}

/* The profiles that no rule was added to are what they were, to the byte, and @n are new. */
static gboolean
others_are_kept (const AakBase *base, const AakBaseText *text, guint n, GError **error)
{
  g_autoptr (GPtrArray) before = aak_policy_blob_parse (base->name, base->text->blob, error);
  g_autoptr (GPtrArray) after =
      before != NULL ? aak_policy_blob_parse (base->name, text->blob, error) : NULL;
  if (after == NULL)
    return FALSE;
  gboolean same = before->len + n == after->len;
  for (guint i = 0; same && i < before->len; i++)
    {
      const AakBlobProfile *profile = before->pdata[i];
      const AakBlobProfile *now = find_blob (after, profile->name);
      same = now != NULL
             && (strcmp (profile->name, base->label) == 0
                 || same_bytes (base->text->blob, profile, text->blob, now));
    }
  if (!same)
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY,
                 "%s: rules for \"%s\" would change another profile of that text", base->name,
                 base->label);
  return same;
}

static gboolean
is_kept (const AakBase *base, const AakBaseText *text, guint n, GError **error)
{
  if (!others_are_kept (base, text, n, error))
    return FALSE;
  if (aak_policy_includes (text->profile, base->text->profile, error))
    return TRUE;
  g_prefix_error (error, "%s: rules for \"%s\" would take something away: ", base->name,
                  base->label);
  return FALSE;
}

gboolean
aak_base_is_kept (const AakBase *base, const AakBaseText *text, GError **error)
{
  return is_kept (base, text, 0, error);
}

/* --- children -------------------------------------------------------------------------------- */

/* @text, of @len bytes, with @children before the line of the profile's closing brace. */
static GBytes *
insert_children (const AakBase *base, const char *text, gsize len, const char *children,
                 GError **error)
{
  g_autoptr (AakOutline) outline = aak_outline_new (base->name, text, len, error);
  const AakOutlineProfile *profile =
      outline != NULL ? aak_outline_find (outline, base->label, error) : NULL;
  if (profile == NULL)
    return NULL;
  gsize at = profile->close;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
    at--;
  GString *out = g_string_new_len (text, (gssize) at);
  if (at > 0 && text[at - 1] != '\n')
    g_string_append_c (out, '\n');
  g_string_append (out, children);
  g_string_append_len (out, text + at, (gssize) (len - at));
  return g_string_free_to_bytes (out);
}

AakBase *
aak_base_add_children (const AakBase *base, GPtrArray *lines, const char *children, guint n,
                       GError **error)
{
  const AakPolicyOpen where = { base->root, base->features, base->includes };
  AakLearnedPlace place = { .what = base->name, .profile = base->profile };
  place.text = g_bytes_get_data (base->text->text, &place.len);
  gsize len = 0;
  g_autofree char *joined = aak_learned_block_join (&place, lines, &len, error);
  g_autoptr (GBytes) bytes =
      joined != NULL ? insert_children (base, joined, len, children, error) : NULL;
  if (bytes == NULL)
    return NULL;
  g_autoptr (AakBase) next = base_new (base->name, base->label, &where);
  next->text = compile (next, bytes, error);
  if (next->text == NULL || !find_profile (next, error) || !is_kept (base, next->text, n, error))
    return NULL;
  return g_steal_pointer (&next);
}
