/* SPDX-License-Identifier: GPL-2.0-or-later
 * "# aakit: allow ID REASON": a comment on a line, or in front of one, that silences what is found
 * there. */
#include "config.h"

#include "compile/lint.h"
#include "lib/escape.h"

#include <string.h>

#define MARK "aakit:"

/* How far from its comment the line may be that it is about. */
#define MAX_LINES 100

typedef struct
{
  AakPolicyPlace place; /* of the comment */
  guint line;           /* that it is about */
  AakFindingId id;
  char *reason; /* escaped */
  gboolean used;
} Silence;

static void
silence_free (gpointer data)
{
  Silence *silence = data;
  g_free (silence->reason);
  g_free (silence);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* TRUE where the line has more than blanks and a comment. */
static gboolean
has_code (const AakPolicySource *source, guint line)
{
  gsize size = 0, start = aak_policy_source_line (source, line, &size);
  const char *bytes = g_bytes_get_data (source->text, NULL);
  gsize at = start;
  while (at < start + size && g_ascii_isspace (bytes[at]))
    at++;
  return at < start + size && bytes[at] != '#';
}

/* The line that a comment on @line is about: its own, or the next that has more than a comment. */
static guint
subject_line (const AakPolicySource *source, guint line)
{
  guint last = MIN (line + MAX_LINES, source->lines->len);
  while (line < last && !has_code (source, line))
    line++;
  return line;
}

/* --- reading --------------------------------------------------------------------------------- */

static void
add_silence (const AakLint *lint, AakPolicyPlace place, const char *words, GPtrArray *silences)
{
  gsize allow = strlen ("allow");
  gboolean form = g_str_has_prefix (words, "allow") && g_ascii_isspace (words[allow]);
  const char *id = form ? words + allow + strspn (words + allow, " \t") : "";
  gsize len = strcspn (id, " \t");
  const char *reason = id + len + strspn (id + len, " \t");
  if (!form || len == 0 || *reason == '\0')
    {
      aak_findings_add (lint->findings, AAK_FINDING_SILENCE_FORM, place,
                        form && len > 0 ? "a silence without a reason"
                                        : "not of the form \"# aakit: allow ID REASON\"");
      return;
    }
  g_autofree char *name = g_strndup (id, len);
  g_autofree char *shown = aak_escape (name, len);
  AakFindingId number = AAK_FINDING_N;
  if (!aak_finding_id (name, &number))
    {
      aak_findings_add (lint->findings, AAK_FINDING_SILENCE_UNKNOWN, place,
                        "there is no finding \"%s\"", shown);
      return;
    }
  Silence *silence = g_new0 (Silence, 1);
  *silence =
      (Silence){ place, subject_line (lint->text->source, aak_policy_place_position (place).line),
                 number, aak_escape (reason, strlen (reason)), FALSE };
  g_ptr_array_add (silences, silence);
}

static GPtrArray *
read_silences (const AakLint *lint)
{
  const AakPolicyText *text = lint->text;
  GPtrArray *silences = g_ptr_array_new_with_free_func (silence_free);
  const char *bytes = g_bytes_get_data (text->source->text, NULL);
  for (guint i = 0; i < text->comments->len; i++)
    {
      AakPolicyPlace place = g_array_index (text->comments, AakPolicyPlace, i);
      g_autofree char *comment = g_strndup (bytes + place.at, place.size);
      const char *words = comment + strspn (comment, "# \t");
      if (!g_str_has_prefix (words, MARK))
        continue;
      words += strlen (MARK);
      add_silence (lint, place, g_strchomp ((char *) words + strspn (words, " \t")), silences);
    }
  return silences;
}

/* --- applying -------------------------------------------------------------------------------- */

/* Line and kind of what is silenced. */
static gpointer
key_of (guint line, AakFindingId id)
{
  return GSIZE_TO_POINTER ((gsize) line * AAK_FINDING_N + id);
}

/* What is wrong with a silence cannot be silenced. */
static gboolean
can_be_silenced (AakFindingId id)
{
  return id != AAK_FINDING_SILENCE_FORM && id != AAK_FINDING_SILENCE_UNKNOWN
         && id != AAK_FINDING_SILENCE_UNUSED;
}

static void
apply (const AakLint *lint, GHashTable *by_key)
{
  for (guint i = 0; i < lint->findings->len; i++)
    {
      AakFinding *finding = lint->findings->pdata[i];
      if (finding->place.source != lint->text->source || !can_be_silenced (finding->id))
        continue;
      guint line = aak_policy_place_position (finding->place).line;
      Silence *silence = g_hash_table_lookup (by_key, key_of (line, finding->id));
      if (silence == NULL)
        continue;
      silence->used = TRUE;
      g_free (finding->silenced);
      finding->silenced = g_strdup (silence->reason);
    }
}

/* TRUE where all has been looked for that the silence could be about. */
static gboolean
is_needless (const AakLint *lint, const Silence *silence)
{
  gboolean pods = silence->id == AAK_FINDING_POD_NAME || silence->id == AAK_FINDING_UNSTOPPABLE
                  || silence->id == AAK_FINDING_ATTACH_DISCONNECTED
                  || silence->id == AAK_FINDING_OWN_PROCESSES;
  /* The other profile of the name may be in a text that is not checked now. */
  gboolean elsewhere = silence->id == AAK_FINDING_DUPLICATE_PROFILE;
  return !silence->used && !elsewhere && !(pods && lint->host) && lint->compiled
         && lint->text->stopped == NULL;
}

void
aak_lint_silences (const AakLint *lint)
{
  g_autoptr (GPtrArray) silences = read_silences (lint);
  g_autoptr (GHashTable) by_key = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < silences->len; i++)
    {
      Silence *silence = silences->pdata[i];
      gpointer key = key_of (silence->line, silence->id);
      if (!g_hash_table_contains (by_key, key))
        g_hash_table_insert (by_key, key, silence);
    }
  apply (lint, by_key);
  for (guint i = 0; i < silences->len; i++)
    {
      const Silence *silence = silences->pdata[i];
      if (is_needless (lint, silence))
        aak_findings_add (lint->findings, AAK_FINDING_SILENCE_UNUSED, silence->place,
                          "nothing to silence: no %s on line %u",
                          aak_finding_kind (silence->id)->id, silence->line);
    }
}
