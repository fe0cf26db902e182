/* SPDX-License-Identifier: GPL-2.0-or-later
 * From evidence to settings. */
#include "config.h"

#include "learn/security-needs.h"

#include "learn/rootfs-writes.h"
#include "lib/count.h"
#include "lib/escape.h"

#include <string.h>

void
aak_security_needs_free (AakSecurityNeeds *needs)
{
  g_free (needs->container);
  g_clear_pointer (&needs->capabilities, g_ptr_array_unref);
  g_clear_pointer (&needs->written, g_ptr_array_unref);
  g_free (needs->no_new_privs.why);
  g_free (needs->non_root.why);
  g_free (needs->readonly_root.why);
  g_free (needs);
}

static AakSetting setting (AakSettingVerdict verdict, const char *format, ...) G_GNUC_PRINTF (2, 3);

static AakSetting
setting (AakSettingVerdict verdict, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  AakSetting made = { verdict, g_strdup_vprintf (format, args) };
  va_end (args);
  return made;
}

/* --- how it was started ---------------------------------------------------------------------- */

/* What all starts of one container have in common. */
typedef struct
{
  guint starts;
  guint roots; /* those of them by uid 0 */
  guint user;  /* the user of one of the others */
  gboolean no_new_privs, readonly_rootfs;
} Starts;

static Starts
read_starts (AakSecurityNeeds *needs)
{
  const GPtrArray *facts =
      aak_container_facts_list (aak_observations_containers (needs->observations));
  Starts starts = { .no_new_privs = TRUE, .readonly_rootfs = TRUE };
  needs->one_user = needs->filtered = TRUE;
  for (guint i = 0; i < facts->len; i++)
    {
      const AakContainerFact *fact = facts->pdata[i];
      if (strcmp (fact->container, needs->container) != 0)
        continue;
      needs->one_user &= starts.starts == 0 || needs->uid == fact->uid;
      needs->uid = fact->uid;
      needs->held |= fact->holds;
      needs->filtered &= fact->seccomp;
      starts.starts++;
      starts.roots += fact->uid == 0;
      starts.user = fact->uid != 0 ? fact->uid : starts.user;
      starts.no_new_privs &= fact->no_new_privs;
      starts.readonly_rootfs &= fact->readonly_rootfs;
    }
  needs->known = starts.starts > 0;
  needs->one_user &= needs->known;
  needs->filtered &= needs->known;
  return starts;
}

/* --- no_new_privs ---------------------------------------------------------------------------- */

/* The programs that were executed. */
typedef struct
{
  guint count;
  const char *gains;   /* one that gains something by it, or NULL */
  guint what;          /* AakGain bits */
  const char *unknown; /* one that was not looked at, or NULL */
} Programs;

static Programs
read_programs (const AakObservations *observations)
{
  const AakProgramFacts *facts = aak_observations_programs (observations);
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  Programs programs = { 0 };
  for (guint i = 0; i < accesses->len; i++)
    {
      const char *path = aak_observation_program (accesses->pdata[i]);
      guint what = 0;
      if (path == NULL)
        continue;
      programs.count++;
      if (!aak_program_facts_find (facts, path, &what))
        programs.unknown = programs.unknown != NULL ? programs.unknown : path;
      else if (what != 0 && programs.gains == NULL)
        {
          programs.gains = path;
          programs.what = what;
        }
    }
  return programs;
}

static const AakCapabilityNeed *
find_added (const AakSecurityNeeds *needs, const char *name)
{
  for (guint i = 0; i < needs->capabilities->len; i++)
    {
      const AakCapabilityNeed *need = needs->capabilities->pdata[i];
      if (aak_capability_need_is_added (need) && (name == NULL || strcmp (need->name, name) == 0))
        return need;
    }
  return NULL;
}

/* Where another one than root started it, and it used a capability, a program gave it that. */
static AakSetting
judge_programs (const AakSecurityNeeds *needs, const Starts *starts)
{
  Programs programs = read_programs (needs->observations);
  const AakCapabilityNeed *used = starts->roots < starts->starts ? find_added (needs, NULL) : NULL;
  if (programs.gains != NULL)
    {
      g_autofree char *path = aak_escape (programs.gains, strlen (programs.gains));
      g_autofree char *what = aak_program_facts_words (programs.what);
      return setting (AAK_SETTING_BREAKS, "%s has %s, and was executed", path, what);
    }
  if (used != NULL)
    return setting (AAK_SETTING_BREAKS, "started by uid %u it used %s, which a program gave it",
                    starts->user, used->name);
  if (!needs->known)
    return setting (AAK_SETTING_UNCERTAIN, "how it was started is not known");
  if (programs.unknown != NULL)
    {
      g_autofree char *path = aak_escape (programs.unknown, strlen (programs.unknown));
      return setting (AAK_SETTING_UNCERTAIN,
                      "whether %s gains anything by its mode or attributes was not looked at "
                      "(no image, or a volume)",
                      path);
    }
  if (programs.count == 0)
    return setting (AAK_SETTING_HOLDS, "it executed no other program");
  g_autofree char *count = aak_count (programs.count, "program");
  return setting (AAK_SETTING_HOLDS, "%s executed, and none is setuid, setgid or has capabilities",
                  count);
}

/* Kubernetes refuses it together with CAP_SYS_ADMIN (pkg/apis/core/validation,
 * ValidateSecurityContext). */
static AakSetting
judge_no_new_privs (const AakSecurityNeeds *needs, const Starts *starts)
{
  if (find_added (needs, "sys_admin") != NULL)
    return setting (AAK_SETTING_BREAKS, "Kubernetes does not take it together with SYS_ADMIN");
  if (needs->known && starts->no_new_privs)
    return setting (AAK_SETTING_HOLDS, "it was learned so");
  return judge_programs (needs, starts);
}

/* --- the other settings ---------------------------------------------------------------------- */

static AakSetting
judge_non_root (const AakSecurityNeeds *needs, const Starts *starts)
{
  if (!needs->known)
    return setting (AAK_SETTING_UNCERTAIN, "as whom it was started is not known");
  if (starts->roots > 0)
    return setting (AAK_SETTING_BREAKS, "it was started as root (uid 0)");
  if (!needs->one_user)
    return setting (AAK_SETTING_HOLDS, "it was started by several users, and never as root");
  return setting (AAK_SETTING_HOLDS, "it was started as uid %u", needs->uid);
}

static AakSetting
judge_readonly_root (const AakSecurityNeeds *needs, const Starts *starts)
{
  if (needs->known && starts->readonly_rootfs)
    return setting (AAK_SETTING_HOLDS, "it was learned so");
  if (needs->written->len == 0)
    return setting (AAK_SETTING_HOLDS, "nothing was written outside of volumes");
  g_autofree char *count = needs->written->len == 1
                               ? g_strdup ("1 directory")
                               : g_strdup_printf ("%u directories", needs->written->len);
  return setting (AAK_SETTING_BREAKS, "it wrote in %s of its root filesystem", count);
}

/* --- the whole ------------------------------------------------------------------------------- */

static AakSecurityNeeds *
needs_of (const AakObservations *observations, const char *container)
{
  AakSecurityNeeds *needs = g_new0 (AakSecurityNeeds, 1);
  needs->observations = observations;
  needs->container = g_strdup (container);
  Starts starts = read_starts (needs);
  needs->capabilities = aak_capability_needs (observations, needs->known, needs->held);
  needs->written = aak_rootfs_writes (observations);
  needs->no_new_privs = judge_no_new_privs (needs, &starts);
  needs->non_root = judge_non_root (needs, &starts);
  needs->readonly_root = judge_readonly_root (needs, &starts);
  return needs;
}

/* The names of the containers, each once: those that the runs saw, and those whose start is known.
 */
static GList *
names_of (const AakObservations *observations, GHashTable *names)
{
  const GPtrArray *facts = aak_container_facts_list (aak_observations_containers (observations));
  for (guint i = 0; i < facts->len; i++)
    g_hash_table_add (names, ((const AakContainerFact *) facts->pdata[i])->container);
  for (guint r = 0; r < aak_observations_n_runs (observations); r++)
    {
      const GPtrArray *pods = aak_observations_get_run (observations, r)->pods;
      for (guint i = 0; i < pods->len; i++)
        g_hash_table_add (names, ((const AakRunPod *) pods->pdata[i])->container);
    }
  return g_list_sort (g_hash_table_get_keys (names), (GCompareFunc) strcmp);
}

GPtrArray *
aak_security_needs (const AakObservations *observations, const char *container)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_security_needs_free);
  if (container != NULL)
    {
      g_ptr_array_add (all, needs_of (observations, container));
      return all;
    }
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) sorted = names_of (observations, names);
  for (const GList *l = sorted; l != NULL; l = l->next)
    g_ptr_array_add (all, needs_of (observations, l->data));
  return all;
}

guint
aak_security_needs_added (const AakSecurityNeeds *needs)
{
  guint added = 0;
  for (guint i = 0; i < needs->capabilities->len; i++)
    added += aak_capability_need_is_added (needs->capabilities->pdata[i]);
  return added;
}

const char *
aak_security_verdict_word (const AakSetting *of)
{
  switch (of->verdict)
    {
    case AAK_SETTING_HOLDS:
      return "holds";
    case AAK_SETTING_BREAKS:
      return "breaks";
    case AAK_SETTING_UNCERTAIN:
      return "uncertain";
    }
  return NULL;
}

gboolean
aak_security_needs_any (const AakObservations *observations)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) sorted = names_of (observations, names);
  return sorted != NULL;
}

char *
aak_security_needs_line (const AakSecurityNeeds *needs)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < needs->capabilities->len; i++)
    {
      const AakCapabilityNeed *need = needs->capabilities->pdata[i];
      if (aak_capability_need_is_added (need))
        g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", need->name);
    }
  g_autofree char *held =
      needs->known ? g_strdup_printf (" of %u", aak_capability_set_size (needs->held)) : NULL;
  g_autofree char *line =
      g_strdup_printf ("container %s: %u%s capabilities%s%s%s", needs->container,
                       aak_security_needs_added (needs), held != NULL ? held : "",
                       names->len > 0 ? " (" : "", names->str, names->len > 0 ? ")" : "");
  return aak_escape (line, strlen (line));
}
