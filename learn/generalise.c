/* SPDX-License-Identifier: GPL-2.0-or-later
 * The generaliser: certain passes per path (path-pattern), then content trees, then rules that are
 * equal become one. */
#include "config.h"

#include "learn/generalise.h"

#include "learn/child-split.h"
#include "learn/file-rules.h"
#include "learn/access-fields.h"
#include "learn/inet-access.h"
#include "learn/inet-rules.h"
#include "learn/rule-cover.h"
#include "learn/sensitive.h"
#include "learn/writable.h"
#include "lib/runtime-table.h"

#include <string.h>

/* --- one observation to one rule ------------------------------------------------------------- */

static void
set_evidence (AakRule *rule, const AakObservation *observation)
{
  rule->accesses = 1;
  rule->runs = observation->sightings->len;
  rule->events += aak_observation_events (observation);
}

static AakRule *
rule_new (const AakObservation *observation)
{
  AakRule *rule = g_new0 (AakRule, 1);
  rule->class = observation->class;
  rule->perms = observation->perms;
  set_evidence (rule, observation);
  return rule;
}

/* Owner rules are written where they narrow something that every pod has: its view of other
 * processes in /proc. Elsewhere a volume's or an image's files change their owner from one day to
 * the next. */
static gboolean
is_owner_only (const AakObservation *observation)
{
  return observation->shared_perms == 0 && g_str_has_prefix (observation->name, "/proc/")
         && g_ascii_isdigit (observation->name[strlen ("/proc/")]);
}

/* What is sensitive is for review, unless it was allowed. */
static void
set_review (AakRule *rule, const char *path, const AakAllowList *allowed)
{
  const AakSensitive *sensitive = aak_sensitive_find (rule, path, NULL);
  const AakSensitive *review = sensitive != NULL ? aak_sensitive_find (rule, path, allowed) : NULL;
  rule->review = review != NULL ? review->why : NULL;
  rule->review_id = review != NULL ? review->id : NULL;
  rule->allowed = sensitive != NULL && review == NULL ? sensitive->id : NULL;
}

/* What all rules of a profile are made with. */
typedef struct
{
  const AakAllowList *allowed;
  AakFileRules *rules;
  const AakInetRules *inet;
  gboolean exact;
} FileContext;

static void
set_disconnected (AakRule *rule, const AakObservation *observation)
{
  rule->unwritable = "the path is disconnected from every root";
  g_free (rule->name);
  rule->name = g_strdup (observation->name);
}

/* The rule for the part of @observation that @pattern stands for, which it empties. */
static AakRule *
file_rule (const AakObservation *observation, AakFilePattern *pattern, const FileContext *files)
{
  AakRule *rule = rule_new (observation);
  rule->perms = pattern->perms;
  rule->name = g_steal_pointer (&pattern->pattern);
  rule->detail = *observation->detail != '\0'
                     ? aak_file_rules_target (files->rules, observation->detail)
                     : g_strdup ("");
  rule->pass = pattern->pass;
  rule->widened = rule->pass != NULL;
  rule->others = pattern->others;
  rule->refused = g_steal_pointer (&pattern->refused);
  rule->refused_others = pattern->refused_others;
  rule->refused_sensitive = pattern->refused_sensitive;
  rule->owner = is_owner_only (observation);
  if (*observation->name != '/' || (*observation->detail != '\0' && *observation->detail != '/'))
    set_disconnected (rule, observation);
  if (!aak_writable_has_perms (AAK_CLASS_FILE, rule->perms))
    rule->unwritable = "no such permission of a file";
  set_review (rule, observation->name, files->allowed);
  return rule;
}

/* The runtime block (profiles/runtime.yaml) lets a pod's own processes signal and see each other,
 * and the node signal them. */
static gboolean
is_implied (const AakRule *rule, const char *label)
{
  gboolean own = strcmp (rule->name, label) == 0;
  if (rule->class == AAK_CLASS_SIGNAL)
    return own || (rule->perms == AAK_PERM_RECEIVE && aak_runtime_table_is_sender (rule->name));
  if (rule->class == AAK_CLASS_PTRACE)
    return own && (rule->perms & ~(guint) (AAK_PERM_READ | AAK_PERM_READBY)) == 0;
  return FALSE;
}

/* A connection's own name on a bus (":1.42") is another one each time. */
static void
widen_bus_name (AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (rule->class, rule->detail);
  if (details[3][0] != ':')
    return;
  details[3][0] = '\0';
  g_free (rule->detail);
  rule->detail = aak_access_pack (rule->class, (const char *const *) details);
  rule->widened = TRUE;
  rule->pass = "connection";
}

/* A kernel that names no permission means all. */
static void
set_addressed (AakRule *rule, const AakInetRules *inet)
{
  rule->addressed = aak_inet_rules_has (inet, rule->name, rule->detail);
  if (rule->addressed && rule->perms == 0)
    rule->perms = AAK_INET_LOCAL | AAK_INET_REMOTE;
}

static AakRule *
other_rule (const AakObservation *observation, const FileContext *files, const char *label)
{
  AakRule *rule = rule_new (observation);
  rule->name = g_strdup (observation->name);
  rule->detail = g_strdup (rule->class != AAK_CLASS_CAPABILITY ? observation->detail : "");
  if (rule->class == AAK_CLASS_DBUS && !files->exact)
    widen_bus_name (rule);
  if (rule->class == AAK_CLASS_NETWORK)
    set_addressed (rule, files->inet);
  aak_writable_check (rule, AAK_ABI_3_0);
  set_review (rule, NULL, files->allowed);
  rule->implied = is_implied (rule, label);
  return rule;
}

/* What a unix socket does with no peer: the parser takes no condition on one there. */
#define UNIX_OWN                                                                           \
  (AAK_PERM_CREATE | AAK_PERM_BIND | AAK_PERM_LISTEN | AAK_PERM_GETATTR | AAK_PERM_SETATTR \
   | AAK_PERM_GETOPT | AAK_PERM_SETOPT | AAK_PERM_SHUTDOWN)

/* Permissions that no rule can have together, since the parser takes other conditions with each. */
static const struct
{
  AakClass class;
  guint perms;
} apart[] = {
  { AAK_CLASS_UNIX, UNIX_OWN },
  { AAK_CLASS_DBUS, AAK_PERM_BIND },
  { AAK_CLASS_DBUS, AAK_PERM_EAVESDROP },
};

/* Of the conditions on @rule, which has permissions that are apart, those that it can have. */
static void
drop_conditions (AakRule *rule, const AakAllowList *allowed)
{
  g_auto (GStrv) details = aak_access_unpack (rule->class, rule->detail);
  const char *own[AAK_ACCESS_MAX_DETAILS] = { NULL };
  if (rule->class == AAK_CLASS_UNIX)
    own[0] = details[0]; /* the address */
  else if (rule->perms & AAK_PERM_BIND)
    own[3] = details[3]; /* the name */
  g_free (rule->detail);
  rule->detail = aak_access_pack (rule->class, own);
  set_review (rule, NULL, allowed);
}

/* --- equal rules become one ------------------------------------------------------------------ */

/* The part of @rule's detail that tells it from others. */
static const char *
key_detail (const AakRule *rule)
{
  return rule->class == AAK_CLASS_RLIMIT ? "" : rule->detail;
}

static guint
rule_hash (gconstpointer key)
{
  const AakRule *rule = key;
  return g_str_hash (rule->name) * 33 + g_str_hash (key_detail (rule)) + (guint) rule->class;
}

static gboolean
rule_equal (gconstpointer a, gconstpointer b)
{
  const AakRule *x = a, *y = b;
  return x->class == y->class && x->review_id == y->review_id && x->unwritable == y->unwritable
         && strcmp (x->name, y->name) == 0 && strcmp (key_detail (x), key_detail (y)) == 0;
}

/* Of several values of a limit, the largest holds them all. */
static void
join_limit (AakRule *into, const AakRule *rule)
{
  if (into->class != AAK_CLASS_RLIMIT
      || g_ascii_strtoull (into->detail, NULL, 10) >= g_ascii_strtoull (rule->detail, NULL, 10))
    return;
  g_free (into->detail);
  into->detail = g_strdup (rule->detail);
}

/* Of what was refused the first stays. */
static void
join_weighed (AakRule *into, AakRule *rule)
{
  into->others = MAX (into->others, rule->others);
  if (into->refused != NULL)
    return;
  into->refused = g_steal_pointer (&rule->refused);
  into->refused_others = rule->refused_others;
  into->refused_sensitive = rule->refused_sensitive;
}

/* Adds to @into what @rule, which equals it, allows. */
static void
join_allowed (AakRule *into, AakRule *rule)
{
  join_limit (into, rule);
  join_weighed (into, rule);
  into->perms |= rule->perms;
  into->owner = into->owner && rule->owner;
  into->widened = into->widened || rule->widened;
  into->addressed = into->addressed || rule->addressed;
  into->pass = into->pass != NULL ? into->pass : rule->pass;
  into->allowed = into->allowed != NULL ? into->allowed : rule->allowed;
}

/* Adds @rule, or joins it to the equal one; takes it. Returns the one that stands. */
static AakRule *
add_rule (GHashTable *table, AakRule *rule)
{
  AakRule *into = g_hash_table_lookup (table, rule);
  if (into == NULL)
    {
      g_hash_table_add (table, rule);
      return rule;
    }
  join_allowed (into, rule);
  into->accesses += rule->accesses;
  into->events += rule->events;
  aak_rule_free (rule);
  return into;
}

/* What the rules are collected into. */
typedef struct
{
  GHashTable *table; /* set of AakRule */
  GArray *trace;     /* AakTrace */
} Rules;

/* Takes @rule, which allows @observation. */
static void
take_rule (Rules *rules, const AakObservation *observation, AakRule *rule)
{
  AakTrace trace = { observation, add_rule (rules->table, rule) };
  g_array_append_val (rules->trace, trace);
}

/* Adds what allows @observation, which is the access @file to a file: a rule for each pattern, and
 * for each reason to look at a part of it first. */
static void
add_file_rules (Rules *rules, const AakObservation *observation, const AakObservation *file,
                const FileContext *files)
{
  g_autoptr (GArray) patterns = aak_file_rules_for (files->rules, file);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  for (guint i = 0; i < patterns->len; i++)
    {
      AakFilePattern *pattern = &g_array_index (patterns, AakFilePattern, i);
      AakRule *rule = file_rule (file, pattern, files);
      guint equal = 0;
      while (equal < own->len && !rule_equal (own->pdata[equal], rule))
        equal++;
      if (equal == own->len)
        {
          g_ptr_array_add (own, rule);
          continue;
        }
      join_allowed (own->pdata[equal], rule);
      aak_rule_free (rule);
    }
  for (guint i = 0; i < own->len; i++)
    take_rule (rules, observation, own->pdata[i]);
}

/* Those permissions of @rule, which waits for review, that need none by themselves. */
static guint
open_perms (const AakRule *rule, const AakAllowList *allowed)
{
  AakRule one = *rule;
  guint open = 0;
  for (guint rest = rule->perms; rest != 0; rest &= rest - 1)
    {
      one.perms = rest & -rest;
      open |= aak_sensitive_find (&one, NULL, allowed) == NULL ? one.perms : 0;
    }
  return open;
}

/* Takes out of @rule, which waits for review, what was allowed before the rest was seen. */
static void
take_open_part (Rules *rules, const AakObservation *observation, AakRule *rule,
                const FileContext *files, const char *label)
{
  gboolean waits = rule->review != NULL && rule->unwritable == NULL;
  guint open = waits ? open_perms (rule, files->allowed) : 0;
  if (open == 0)
    return;
  AakRule *part = other_rule (observation, files, label);
  part->perms = open;
  part->implied = is_implied (part, label);
  rule->perms &= ~open;
  set_review (part, NULL, files->allowed);
  take_rule (rules, observation, part);
}

/* Without children, what enters one stays in the profile. */
static void
add_exec_rules (Rules *rules, const AakObservation *exec, const FileContext *files)
{
  AakObservation file = *exec;
  file.class = AAK_CLASS_FILE;
  file.name = exec->detail;
  file.detail = (char *) "";
  if (*exec->detail != '\0')
    add_file_rules (rules, exec, &file, files);
}

static void
add_inet_rules (Rules *rules, const AakObservation *observation, const FileContext *files)
{
  g_autoptr (GPtrArray) own = aak_inet_rules_for (files->inet, observation);
  for (guint i = 0; i < own->len; i++)
    {
      AakRule *rule = own->pdata[i];
      set_evidence (rule, observation);
      rule->widened = rule->pass != NULL;
      aak_writable_check (rule, AAK_ABI_3_0);
      set_review (rule, NULL, files->allowed);
      take_rule (rules, observation, rule);
    }
}

/* Adds what allows @observation. */
static void
add_rules (Rules *rules, const AakObservation *observation, const FileContext *files,
           const char *label)
{
  if (observation->class == AAK_CLASS_SYSCALL)
    return; /* no rule of AppArmor's is about it: learn/syscall-profile.c */
  if (observation->class == AAK_CLASS_FILE)
    {
      add_file_rules (rules, observation, observation, files);
      return;
    }
  if (observation->class == AAK_CLASS_EXEC)
    {
      add_exec_rules (rules, observation, files);
      return;
    }
  if (observation->class == AAK_CLASS_INET)
    {
      add_inet_rules (rules, observation, files);
      return;
    }
  AakRule *rest = other_rule (observation, files, label);
  gboolean parted = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (apart); i++)
    {
      guint perms = rest->perms & apart[i].perms;
      if (apart[i].class != rest->class || perms == 0 || rest->unwritable != NULL)
        continue;
      AakRule *part = other_rule (observation, files, label);
      part->perms = perms;
      rest->perms &= ~perms;
      drop_conditions (part, files->allowed);
      take_rule (rules, observation, part);
      parted = TRUE;
    }
  if (parted && rest->perms == 0)
    {
      aak_rule_free (rest);
      return;
    }
  set_review (rest, NULL, files->allowed);
  take_open_part (rules, observation, rest, files, label);
  take_rule (rules, observation, rest);
}

static int
trace_compare (gconstpointer a, gconstpointer b)
{
  const AakTrace *x = a, *y = b;
  return x->rule < y->rule ? -1 : x->rule > y->rule;
}

/* Sets for each rule how many runs saw one of its accesses. */
static void
count_runs (GArray *trace, guint n_runs)
{
  g_autoptr (GArray) by_rule = g_array_copy (trace);
  g_autofree guint *counted = g_new0 (guint, n_runs + 1); /* for which group, from 1 */
  guint group = 0;
  g_array_sort (by_rule, trace_compare);
  for (guint i = 0; i < by_rule->len; i++)
    {
      const AakTrace *part = &g_array_index (by_rule, AakTrace, i);
      gboolean first = i == 0 || part[-1].rule != part->rule;
      group += first;
      part->rule->runs = first ? 0 : part->rule->runs;
      for (guint k = 0; k < part->access->sightings->len; k++)
        {
          guint run = g_array_index (part->access->sightings, AakSighting, k).run;
          part->rule->runs += counted[run] != group;
          counted[run] = group;
        }
    }
}

/* The order of the text: classes as it lists them, then names. */
static int
rule_compare (gconstpointer a, gconstpointer b)
{
  static const int place_of_class[] = {
    [AAK_CLASS_CAPABILITY] = 0, [AAK_CLASS_RLIMIT] = 1, [AAK_CLASS_NETWORK] = 2,
    [AAK_CLASS_UNIX] = 3,       [AAK_CLASS_SIGNAL] = 4, [AAK_CLASS_PTRACE] = 5,
    [AAK_CLASS_DBUS] = 6,       [AAK_CLASS_MQUEUE] = 7, [AAK_CLASS_IO_URING] = 8,
    [AAK_CLASS_USERNS] = 9,     [AAK_CLASS_MOUNT] = 10, [AAK_CLASS_CHANGE_PROFILE] = 11,
    [AAK_CLASS_FILE] = 12,      [AAK_CLASS_EXEC] = 13,  [AAK_CLASS_POLICY] = 14,
    [AAK_CLASS_OTHER] = 15,     [AAK_CLASS_INET] = 2,   [AAK_CLASS_SYSCALL] = 14,
  };
  const AakRule *x = *(AakRule *const *) a, *y = *(AakRule *const *) b;
  if (place_of_class[x->class] != place_of_class[y->class])
    return place_of_class[x->class] - place_of_class[y->class];
  if (x->class != y->class)
    return x->class < y->class ? -1 : 1;
  int order = strcmp (x->name, y->name);
  if (order == 0)
    order = strcmp (x->detail, y->detail);
  return order != 0 ? order : g_strcmp0 (x->review_id, y->review_id);
}

AakProfile *
aak_generalise (const AakObservations *observations, gboolean exact)
{
  g_autoptr (GArray) unused = NULL;
  return aak_generalise_traced (observations, exact, &unused);
}

AakProfile *
aak_generalise_traced (const AakObservations *observations, gboolean exact, GArray **out_trace)
{
  if (!aak_observations_has_children (observations))
    return aak_generalise_part (observations, observations, exact, out_trace);
  AakObservations *folded = aak_child_fold (observations);
  AakProfile *profile = aak_generalise_part (folded, folded, exact, out_trace);
  profile->accesses = folded;
  return profile;
}

AakProfile *
aak_generalise_part (const AakObservations *observations, const AakObservations *whole,
                     gboolean exact, GArray **out_trace)
{
  g_autoptr (AakProfile) profile = aak_profile_new (aak_observations_label (observations));
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  g_autoptr (GPtrArray) known = aak_observations_sorted (whole);
  g_autoptr (AakFileRules) file_rules = aak_file_rules_new (whole, known, exact);
  g_autoptr (AakInetRules) inet = aak_inet_rules_new (sorted, exact);
  FileContext files = { aak_observations_allow_list (observations), file_rules, inet, exact };
  g_autoptr (GHashTable) table = g_hash_table_new (rule_hash, rule_equal);
  g_autoptr (GArray) trace = g_array_sized_new (FALSE, FALSE, sizeof (AakTrace), sorted->len);
  Rules rules = { table, trace };
  for (guint i = 0; i < sorted->len; i++)
    add_rules (&rules, g_ptr_array_index (sorted, i), &files, profile->label);
  GHashTableIter iter;
  gpointer rule;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &rule, NULL))
    g_ptr_array_add (profile->rules, rule);
  g_ptr_array_sort (profile->rules, rule_compare);
  if (!exact)
    aak_rule_cover_drop (profile->rules, trace);

  profile->runs = aak_observations_n_runs (observations);
  for (guint i = 0; i < profile->runs; i++)
    profile->events += aak_observations_get_run (observations, i)->events;
  count_runs (trace, profile->runs);
  *out_trace = g_steal_pointer (&trace);
  return g_steal_pointer (&profile);
}
