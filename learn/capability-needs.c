/* SPDX-License-Identifier: GPL-2.0-or-later
 * Judging capabilities. */
#include "config.h"

#include "learn/capability-needs.h"

#include "learn/sensitive.h"
#include "lib/escape.h"

#include <string.h>

static const char unknown_why[] = "there is no capability of that name here";
static const char optional_why[] = "the kernel asked, and says that it does without";
static const char covered_why[] =
    "dac_override, which was used as well, does for it where permissions of files are asked about";
static const char elsewhere_why[] =
    "the container does not hold it: used in a user namespace of its own";

/* Those that the kernel also asks for where the call succeeds without: capabilities(7). */
static const struct
{
  const char *name;
  const char *why;
} doubtful[] = {
  { "fsetid", "without it chmod, chown and writes succeed, and clear the set-ID bits of the file" },
  { "sys_resource", "also asked for before a limit or the last blocks of a disk are refused" },
};

/* The sightings of one name. */
typedef struct
{
  AakCapabilityNeed need;
  gboolean asked_only; /* every event was one that the kernel does without */
  GHashTable *runs;    /* set of run + 1 */
} Use;

static void
use_free (gpointer data)
{
  Use *use = data;
  g_hash_table_unref (use->runs);
  g_free (use);
}

static Use *
use_of (GHashTable *uses, const char *name)
{
  Use *use = g_hash_table_lookup (uses, name);
  if (use != NULL)
    return use;
  use = g_new0 (Use, 1);
  use->need.name = name;
  use->asked_only = TRUE;
  use->runs = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (uses, (gpointer) name, use);
  return use;
}

static void
add_access (GHashTable *uses, const AakObservation *access)
{
  Use *use = use_of (uses, access->name);
  use->asked_only &= strcmp (access->detail, AAK_ASKED_OPTIONAL) == 0;
  for (guint i = 0; i < access->sightings->len; i++)
    {
      const AakSighting *seen = &g_array_index (access->sightings, AakSighting, i);
      use->need.events += seen->count;
      g_hash_table_add (use->runs, GUINT_TO_POINTER (seen->run + 1));
    }
  use->need.runs = g_hash_table_size (use->runs);
}

static GHashTable *
collect (const AakObservations *observations)
{
  GHashTable *uses = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, use_free);
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      if (access->class == AAK_CLASS_CAPABILITY)
        add_access (uses, access);
    }
  return uses;
}

/* --- judging --------------------------------------------------------------------------------- */

static gboolean
is_known (const char *name)
{
  guint number = 0;
  g_autofree char *word =
      aak_capability_number (name, &number) ? aak_capability_name (number) : NULL;
  return g_strcmp0 (word, name) == 0 && g_ascii_isalpha (*name);
}

static gboolean
is_held (const char *name, AakCapabilitySet held)
{
  guint number = 0;
  return aak_capability_number (name, &number) && (held >> number & 1) != 0;
}

static gboolean
is_used (GHashTable *uses, const char *name)
{
  const Use *use = g_hash_table_lookup (uses, name);
  return use != NULL && !use->asked_only;
}

static void
judge (AakCapabilityNeed *need, AakNeedStanding standing, const char *why)
{
  need->standing = standing;
  need->why = why;
}

/* Where the kernel asks about a file, dac_read_search comes before dac_override, and both allow
 * reading (fs/namei.c, generic_permission()). */
static gboolean
is_covered (const Use *use, GHashTable *uses, gboolean known, AakCapabilitySet held)
{
  static const char override[] = "dac_override";
  return strcmp (use->need.name, "dac_read_search") == 0 && is_used (uses, override)
         && (!known || is_held (override, held));
}

static void
judge_doubtful (AakCapabilityNeed *need)
{
  for (gsize i = 0; i < G_N_ELEMENTS (doubtful); i++)
    if (strcmp (need->name, doubtful[i].name) == 0)
      judge (need, AAK_NEED_UNCERTAIN, doubtful[i].why);
}

static void
judge_use (Use *use, GHashTable *uses, const AakAllowList *allowed, gboolean known,
           AakCapabilitySet held)
{
  AakCapabilityNeed *need = &use->need;
  AakRule rule = { .class = AAK_CLASS_CAPABILITY, .name = (char *) need->name };
  const AakSensitive *sensitive = aak_sensitive_find (&rule, NULL, allowed);
  if (!is_known (need->name))
    judge (need, AAK_NEED_UNKNOWN, unknown_why);
  else if (known && !is_held (need->name, held))
    judge (need, AAK_NEED_ELSEWHERE, elsewhere_why);
  else if (use->asked_only)
    judge (need, AAK_NEED_OPTIONAL, optional_why);
  else if (is_covered (use, uses, known, held))
    judge (need, AAK_NEED_COVERED, covered_why);
  else if (sensitive != NULL)
    {
      judge (need, AAK_NEED_REVIEW, sensitive->why);
      need->id = sensitive->id;
    }
  else
    judge_doubtful (need);
}

GPtrArray *
aak_capability_needs (const AakObservations *observations, gboolean known, AakCapabilitySet held)
{
  const AakAllowList *allowed = aak_observations_allow_list (observations);
  g_autoptr (GHashTable) uses = collect (observations);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (uses), (GCompareFunc) strcmp);
  GPtrArray *needs = g_ptr_array_new_with_free_func (g_free);
  for (const GList *l = names; l != NULL; l = l->next)
    {
      Use *use = g_hash_table_lookup (uses, l->data);
      judge_use (use, uses, allowed, known, held);
      g_ptr_array_add (needs, g_memdup2 (&use->need, sizeof use->need));
    }
  return needs;
}

/* --- a need ---------------------------------------------------------------------------------- */

gboolean
aak_capability_need_is_added (const AakCapabilityNeed *need)
{
  return need->standing == AAK_NEED_ADD || need->standing == AAK_NEED_UNCERTAIN;
}

const char *
aak_capability_need_word (const AakCapabilityNeed *need)
{
  switch (need->standing)
    {
    case AAK_NEED_ADD:
      return "add";
    case AAK_NEED_UNCERTAIN:
      return "uncertain";
    case AAK_NEED_OPTIONAL:
      return "optional";
    case AAK_NEED_COVERED:
      return "covered";
    case AAK_NEED_ELSEWHERE:
      return "elsewhere";
    case AAK_NEED_REVIEW:
      return "review";
    case AAK_NEED_UNKNOWN:
      return "unknown";
    }
  return NULL;
}

char *
aak_capability_need_name (const AakCapabilityNeed *need)
{
  g_autofree char *shown = aak_escape (need->name, strlen (need->name));
  return need->standing != AAK_NEED_UNKNOWN ? g_ascii_strup (shown, -1) : g_steal_pointer (&shown);
}
