/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Asking a profile what the table of exposures asks, and adding up. */
#include "config.h"

#include "lib/policy/score.h"

#include "lib/policy/question.h"
#include "lib/escape.h"

#include <string.h>

static void
line_free (gpointer data)
{
  AakScoreLine *line = data;
  g_free (line->question);
  g_free (line->name);
  g_free (line);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakScoreLine, line_free)

void
aak_score_free (AakScore *score)
{
  g_ptr_array_unref (score->lines);
  g_free (score);
}

/* --- what a kernel mediates ------------------------------------------------------------------ */

/* The parts of a feature set, one of which says that the class is mediated; upstream's and Ubuntu's
 * names. Files and capabilities always are. */
static const char *const parts[AAK_EXPOSURE_N_CLASSES][3] = {
  [AAK_EXPOSURE_NETWORK] = { "network_v9", "network_v8", "network" },
  [AAK_EXPOSURE_MOUNT] = { "mount" },
  [AAK_EXPOSURE_USERNS] = { "namespaces/mask/userns_create", "namespaces/userns_create" },
  [AAK_EXPOSURE_PTRACE] = { "ptrace" },
  [AAK_EXPOSURE_SIGNAL] = { "signal" },
  [AAK_EXPOSURE_IO_URING] = { "io_uring" },
  [AAK_EXPOSURE_MQUEUE] = { "ipc/posix_mqueue" },
  [AAK_EXPOSURE_DBUS] = { "dbus" },
};

AakScoreKernel
aak_score_kernel (const AakFeatures *features)
{
  AakScoreKernel kernel = { { FALSE } };
  for (guint class = 0; class < AAK_EXPOSURE_N_CLASSES; class ++)
    {
      kernel.mediated[class] = features == NULL || parts[class][0] == NULL;
      for (guint i = 0; features != NULL && i < G_N_ELEMENTS (parts[class]); i++)
        if (parts[class][i] != NULL && aak_features_has (features, parts[class][i]))
          kernel.mediated[class] = TRUE;
    }
  return kernel;
}

/* --- one entry ------------------------------------------------------------------------------- */

/* The words as one line, which `aa-compile query` takes. */
static char *
question_text (char *const *words)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (; *words != NULL; words++)
    {
      g_autofree char *shown = aak_escape (*words, strlen (*words));
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", shown);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Asks the questions of the entry until one is allowed. */
static gboolean
ask (AakScoreLine *line, const AakPolicySet *set, const AakPolicyProfile *profile, GError **error)
{
  const GPtrArray *questions = line->exposure->questions;
  for (guint i = 0; i < questions->len && line->question == NULL; i++)
    {
      char *const *words = questions->pdata[i];
      g_auto (AakReply) reply = { .label = NULL };
      if (!aak_question_ask (set, profile, (const char *const *) words,
                             g_strv_length ((char **) words), &reply, error))
        {
          g_prefix_error (error, "%s: ", line->exposure->id);
          return FALSE;
        }
      if (!reply.answer.allowed)
        continue;
      gboolean ruled = reply.answer.mediated || profile->mode == AAK_MODE_UNCONFINED;
      line->exposed = ruled ? AAK_EXPOSED_BY_RULES : AAK_EXPOSED_BY_SILENCE;
      line->question = question_text (words);
      line->name = g_steal_pointer (&reply.name);
    }
  return TRUE;
}

static AakScoreLine *
answer (const AakExposure *exposure, const AakPolicySet *set, const AakPolicyProfile *profile,
        const AakScoreKernel *kernel, GError **error)
{
  g_autoptr (AakScoreLine) line = g_new0 (AakScoreLine, 1);
  line->exposure = exposure;
  if (!ask (line, set, profile, error))
    return NULL;
  if (!kernel->mediated[exposure->class])
    line->exposed = AAK_EXPOSED_BY_THE_KERNEL;
  return g_steal_pointer (&line);
}

/* --- the sum --------------------------------------------------------------------------------- */

/* In tenths, rounded up, so that nothing that is allowed counts as nothing. */
static guint
tenths (guint part, guint whole)
{
  return whole > 0 ? (part * AAK_SCORE_MAX + whole - 1) / whole : 0;
}

/* What of the table somebody is allowed. */
typedef struct
{
  guint weights;
  guint least; /* the highest of the least scores that the entries ask for */
} Allowed;

static void
allow (Allowed *allowed, const AakExposure *exposure)
{
  allowed->weights += exposure->weight;
  allowed->least = MAX (allowed->least, exposure->least);
}

static void
add_up (AakScore *score)
{
  guint whole = 0;
  Allowed profile = { 0 }, containerd = { 0 };
  for (guint i = 0; i < score->lines->len; i++)
    {
      const AakScoreLine *line = score->lines->pdata[i];
      if (line->exposed == AAK_EXPOSED_BY_THE_KERNEL)
        continue;
      whole += line->exposure->weight;
      if (line->exposed != AAK_EXPOSED_NOT)
        allow (&profile, line->exposure);
      if (line->exposure->containerd)
        allow (&containerd, line->exposure);
    }
  score->sum = tenths (profile.weights, whole);
  score->by_rules = MAX (score->sum, profile.least);
  score->containerd = MAX (tenths (containerd.weights, whole), containerd.least);
}

AakScore *
aak_score_new (const GPtrArray *table, const AakPolicySet *set, const AakPolicyProfile *profile,
               const AakScoreKernel *kernel, GError **error)
{
  g_autoptr (AakScore) score = g_new0 (AakScore, 1);
  score->lines = g_ptr_array_new_with_free_func (line_free);
  for (guint i = 0; i < table->len; i++)
    {
      AakScoreLine *line = answer (table->pdata[i], set, profile, kernel, error);
      if (line == NULL)
        return NULL;
      g_ptr_array_add (score->lines, line);
    }
  add_up (score);
  gboolean enforced = profile->mode == AAK_MODE_ENFORCE || profile->mode == AAK_MODE_KILL;
  score->score = enforced ? score->by_rules : AAK_SCORE_MAX;
  return g_steal_pointer (&score);
}
