/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the headers of a text say, and what is missing in front of them. */
#include "config.h"

#include "compile/lint.h"
#include "lib/escape.h"

#include <string.h>

/* PATH_MAX - 1: Kubernetes, pkg/apis/core/validation, localhostProfile. */
#define MAX_POD_NAME 4095

gboolean
aak_lint_is_for_pods (const AakLint *lint, const AakPolicyTextProfile *profile)
{
  return !lint->host && !profile->nested && !profile->attaches && !profile->included;
}

/* A flag may have a value behind a dot: attach_disconnected.path=/x. */
static gboolean
has_flag (const AakPolicyTextProfile *profile, const char *flag)
{
  gsize len = strlen (flag);
  for (guint i = 0; i < profile->flags->len; i++)
    {
      const char *has = profile->flags->pdata[i];
      if (g_str_has_prefix (has, flag) && (has[len] == '\0' || has[len] == '.'))
        return TRUE;
    }
  return FALSE;
}

/* --- names ----------------------------------------------------------------------------------- */

static gboolean
has_blank_end (const char *name)
{
  const char *last = g_utf8_find_prev_char (name, name + strlen (name));
  return g_unichar_isspace (g_utf8_get_char (name))
         || (last != NULL && g_unichar_isspace (g_utf8_get_char (last)));
}

static gboolean
has_control (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return TRUE;
  return FALSE;
}

/* Why no pod can name the profile @name, or NULL. The field and the annotation refuse blanks at the
 * ends and what is too long (Kubernetes, validateAppArmorProfileField()), YAML and JSON have no
 * other bytes than text, and the container runtimes look for a line with the name in the kernel's
 * list. */
static const char *
why_no_pod (const char *name)
{
  if (!g_utf8_validate (name, -1, NULL))
    return "it is not UTF-8";
  if (strlen (name) > MAX_POD_NAME)
    return "it is longer than 4095 bytes";
  if (has_control (name))
    return "it has a control character";
  if (has_blank_end (name))
    return "it begins or ends with a blank";
  if (strcmp (name, "unconfined") == 0)
    return "it is the name of no confinement";
  if (*name == ':')
    return "it is in a namespace of AppArmor's";
  if (*name == '&' || strstr (name, "//&") != NULL)
    return "it reads as a stack of profiles";
  return NULL;
}

/* --- a header -------------------------------------------------------------------------------- */

static void
look_at_pod_profile (const AakLint *lint, const AakPolicyTextProfile *profile, const char *shown)
{
  const char *why = profile->name != NULL ? why_no_pod (profile->name) : NULL;
  if (why != NULL)
    aak_findings_add (lint->findings, AAK_FINDING_POD_NAME, profile->place,
                      "no pod can name the profile \"%s\": %s", shown, why);
  if (!has_flag (profile, "attach_disconnected"))
    aak_findings_add (lint->findings, AAK_FINDING_ATTACH_DISCONNECTED, profile->place,
                      "profile %s lacks the flag attach_disconnected", shown);
}

static void
look_at_header (const AakLint *lint, const AakPolicyTextProfile *profile)
{
  gsize len = 0;
  const char *bytes = g_bytes_get_data (profile->place.source->text, &len);
  g_autofree char *shown = profile->name != NULL
                               ? aak_escape (profile->name, strlen (profile->name))
                               : aak_escape (bytes + profile->place.at, profile->place.size);
  if (aak_lint_is_for_pods (lint, profile))
    look_at_pod_profile (lint, profile, shown);
  if (has_flag (profile, "complain"))
    aak_findings_add (lint->findings, AAK_FINDING_MODE_COMPLAIN, profile->place,
                      "profile %s is in complain mode", shown);
  if (has_flag (profile, "unconfined"))
    aak_findings_add (lint->findings, AAK_FINDING_MODE_UNCONFINED, profile->place,
                      "profile %s is in unconfined mode", shown);
}

void
aak_lint_headers (const AakLint *lint)
{
  const AakPolicyText *text = lint->text;
  const AakPolicyTextProfile *first = NULL;
  for (guint i = 0; i < text->profiles->len; i++)
    {
      const AakPolicyTextProfile *profile = text->profiles->pdata[i];
      if (profile->included)
        continue;
      first = first != NULL ? first : profile;
      look_at_header (lint, profile);
    }
  if (first != NULL && text->whole && !text->has_abi)
    aak_findings_add (lint->findings, AAK_FINDING_MISSING_ABI, first->place,
                      "no abi is named in front of the first profile");
  if (text->stopped != NULL)
    aak_findings_add (lint->findings, AAK_FINDING_NOT_READ, text->stop, "%s", text->stopped);
}

/* --- variables ------------------------------------------------------------------------------- */

/* Those that the parser itself gives values. */
static gboolean
is_given (const char *name)
{
  return strcmp (name, "profile_name") == 0 || strcmp (name, "attach_path") == 0
         || strcmp (name, "exec_path") == 0;
}

static void
look_for_unknown (const AakLint *lint)
{
  const GPtrArray *uses = lint->text->uses;
  /* What compiles has none, whatever may seem. */
  for (guint i = 0; i < uses->len && !lint->compiled; i++)
    {
      const AakPolicyTextUse *use = uses->pdata[i];
      if (!is_given (use->name) && g_hash_table_lookup (lint->text->variables, use->name) == NULL)
        aak_findings_add (lint->findings, AAK_FINDING_UNKNOWN_VARIABLE, use->own,
                          "nothing gives the variable @{%s} a value", use->name);
    }
}

static void
look_for_unused (const AakLint *lint)
{
  g_autoptr (GHashTable) used = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < lint->text->uses->len; i++)
    g_hash_table_add (used, ((AakPolicyTextUse *) lint->text->uses->pdata[i])->name);
  GHashTableIter iter;
  gpointer value = NULL;
  g_hash_table_iter_init (&iter, lint->text->variables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const AakPolicyTextVariable *variable = value;
      if (!variable->included && !g_hash_table_contains (used, variable->name))
        aak_findings_add (lint->findings, AAK_FINDING_UNUSED_VARIABLE, variable->place,
                          "nothing uses the variable @{%s}", variable->name);
    }
}

void
aak_lint_variables (const AakLint *lint)
{
  if (!lint->text->whole)
    return;
  look_for_unknown (lint);
  look_for_unused (lint);
}

/* --- names of several texts ------------------------------------------------------------------- */

static void
look_at_name (const AakPolicyTextProfile *profile, GHashTable *seen, GPtrArray *findings)
{
  const AakPolicyTextProfile *first = g_hash_table_lookup (seen, profile->name);
  if (first == NULL)
    {
      g_hash_table_insert (seen, profile->name, (gpointer) profile);
      return;
    }
  AakPolicyPosition position = aak_policy_place_position (first->place);
  g_autofree char *name = aak_escape (profile->name, strlen (profile->name));
  g_autofree char *path =
      aak_escape (first->place.source->path, strlen (first->place.source->path));
  AakFinding *finding =
      aak_findings_add (findings, AAK_FINDING_DUPLICATE_PROFILE, profile->place,
                        "profile %s is already at %s:%u", name, path, position.line);
  finding->other = first->place;
}

void
aak_lint_duplicates (const GPtrArray *lints)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < lints->len; i++)
    {
      const AakLint *lint = lints->pdata[i];
      for (guint k = 0; k < lint->text->profiles->len; k++)
        {
          const AakPolicyTextProfile *profile = lint->text->profiles->pdata[k];
          if (profile->name != NULL && !profile->included)
            look_at_name (profile, seen, lint->findings);
        }
    }
}
