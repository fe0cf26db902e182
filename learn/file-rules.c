/* SPDX-License-Identifier: GPL-2.0-or-later
 * The passes over paths, and what decides between them. */
#include "config.h"

#include "learn/file-rules.h"

#include "learn/content-tree.h"
#include "learn/data-tree.h"
#include "learn/module-tree.h"
#include "learn/path-widen.h"
#include "learn/public-tree.h"

#include <string.h>

struct AakFileRules
{
  const AakImageFacts *image;
  AakOwnPaths own;
  AakContentTrees *trees;
  AakDataTrees *data;
  AakPublicTrees *public;
  gboolean exact;
};

/* One access while the passes look at it, in one use. */
typedef struct
{
  const AakFileRules *rules;
  const char *path;
  AakUse use;
  guint perms;
  GArray *out;            /* AakFilePattern */
  guint first;            /* the first of them that is of this use */
  AakFilePattern refusal; /* what was refused first; no pattern of its own */
} Search;

guint
aak_file_rules_perms_of (AakUse use)
{
  static const guint perms[AAK_USES] = {
    [AAK_USE_READ] = AAK_PERM_R | AAK_PERM_M | AAK_PERM_K,
    [AAK_USE_WRITE] = AAK_PERM_W | AAK_PERM_A | AAK_PERM_C | AAK_PERM_D | AAK_PERM_L,
    [AAK_USE_EXEC] = AAK_PERM_X,
  };
  return perms[use];
}

/* --- weighing -------------------------------------------------------------------------------- */

/* TRUE where so much may be admitted as @fact says, of whole numbers that a state can have. It
 * stays so when more is seen. */
static gboolean
is_light (const AakImageFact *fact, AakUse use)
{
  guint64 others = aak_image_fact_others (fact, use), seen = fact->seen[use];
  if (use != AAK_USE_READ)
    return fact->sensitive == 0 && others == 0;
  return fact->sensitive == 0 && others * 10 <= seen * AAK_FILE_RULES_OTHERS_OF_TEN;
}

/* The same of the pattern of a content tree. */
static gboolean
is_light_content (const AakFileRules *rules, const char *pattern, const AakImageFact *fact)
{
  return fact->sensitive == 0
         && (aak_image_fact_others (fact, AAK_USE_READ) <= fact->seen[AAK_USE_READ]
             || aak_content_trees_are_sure (rules->trees, pattern));
}

static void
add_pattern (Search *search, char *pattern, const char *pass, guint64 others)
{
  AakFilePattern added = { .pattern = pattern, .pass = pass, .perms = search->perms };
  added.others = others;
  g_array_append_val (search->out, added);
}

static void
note_refusal (Search *search, const char *pattern, const AakImageFact *fact)
{
  AakFilePattern *refusal = &search->refusal;
  if (refusal->refused != NULL)
    return;
  refusal->refused = g_strdup (pattern);
  refusal->refused_others = aak_image_fact_others (fact, search->use);
  refusal->refused_sensitive = fact->sensitive > 0;
}

/* Takes @pattern where it is not too wide; frees it. */
static gboolean
try_pattern (Search *search, char *pattern, const char *pass)
{
  g_autofree char *owned = pattern;
  const AakImageFact *fact = aak_image_facts_find (search->rules->image, pattern);
  gboolean content = strcmp (pass, AAK_CONTENT_PASS) == 0;
  if (fact != NULL
      && !(content ? is_light_content (search->rules, pattern, fact)
                   : is_light (fact, search->use)))
    {
      note_refusal (search, pattern, fact);
      return FALSE;
    }
  add_pattern (search, g_steal_pointer (&owned), pass,
               fact != NULL ? aak_image_fact_others (fact, search->use) : 0);
  return TRUE;
}

/* --- the passes ------------------------------------------------------------------------------ */

/* Of what a Secret holds, or a token's directory, only what was read is allowed. */
static gboolean
can_be_content (const AakFileRules *rules, const char *path)
{
  static const guint closed = 1 << AAK_VOLUME_SECRET | 1 << AAK_VOLUME_PROJECTED;
  return !aak_volumes_hold (rules->own.volumes, path, closed);
}

static gboolean
is_part_of_one (guint choices, const guint *taken, guint n_taken)
{
  for (guint i = 0; i < n_taken; i++)
    if ((choices & ~taken[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Takes a pattern with the names of @choices widened, where one may be used. */
typedef gboolean (*TryChoices) (Search *search, const AakPathWiden *widen, guint choices);

/* Tries the sets of at least @least of the application's own names. Where all of them together may
 * be widened, that is the one pattern; else each largest set has a pattern of its own, so that what
 * was allowed when fewer of them were known to be its own stays so. */
static void
try_largest (Search *search, const AakPathWiden *widen, TryChoices try, guint least)
{
  guint n = aak_path_widen_choices (widen), all = (1u << n) - 1, n_taken = 0;
  guint taken[1 << AAK_PATH_WIDEN_MAX_CHOICES];
  for (guint size = n + 1; size > least; size--)
    for (guint choices = 0; choices <= all; choices++)
      {
        if ((guint) __builtin_popcount (choices) != size - 1
            || is_part_of_one (choices, taken, n_taken))
          continue;
        if (try (search, widen, choices))
          taken[n_taken++] = choices;
      }
}

static gboolean
try_content (Search *search, const AakPathWiden *widen, guint choices)
{
  const char *pass = NULL;
  g_autofree char *pattern = aak_path_widen_pattern (widen, choices, &pass);
  g_autoptr (GPtrArray) found =
      aak_content_trees_find (search->rules->trees, search->path, pattern, FALSE);
  for (guint i = 0; i < found->len; i++)
    if (try_pattern (search, g_strdup (found->pdata[i]), AAK_CONTENT_PASS))
      return TRUE;
  return FALSE;
}

static void
pass_content (Search *search, const AakPathWiden *widen)
{
  if (search->use == AAK_USE_READ && can_be_content (search->rules, search->path))
    try_largest (search, widen, try_content, 0);
}

static gboolean
try_own (Search *search, const AakPathWiden *widen, guint choices)
{
  const char *pass = NULL;
  char *pattern = aak_path_widen_pattern (widen, choices, &pass);
  return try_pattern (search, pattern, pass);
}

static void
pass_own (Search *search, const AakPathWiden *widen)
{
  try_largest (search, widen, try_own, 1);
}

/* The widest tree of data that may be used, by the pattern with the names of @choices widened.
 * *@out_widest: there is no wider one that may not. */
static gboolean
try_data (Search *search, const AakPathWiden *widen, guint choices, gboolean *out_widest)
{
  const char *pass = NULL;
  g_autofree char *pattern = aak_path_widen_pattern (widen, choices, &pass);
  g_autoptr (GPtrArray) found =
      aak_data_trees_find (search->rules->data, search->path, pattern, FALSE);
  guint i = 0;
  while (i < found->len && !try_pattern (search, g_strdup (found->pdata[i]), AAK_DATA_PASS))
    i++;
  *out_widest = i == 0;
  return i < found->len;
}

/* TRUE where a tree holds the path with all of its own names widened, so that pass_own() has
 * nothing to add. Where a wider tree may not be used, one with fewer of them may. */
static gboolean
pass_data (Search *search, const AakPathWiden *widen)
{
  guint all = (1u << aak_path_widen_choices (widen)) - 1;
  gboolean widest = FALSE, unused = FALSE;
  if (search->use == AAK_USE_EXEC || !aak_own_paths_have (&search->rules->own, search->path))
    return FALSE;
  gboolean whole = try_data (search, widen, all, &widest);
  for (guint choices = all; !widest && choices > 0; choices--)
    try_data (search, widen, choices - 1, &unused);
  return whole;
}

static void
search_use (Search *search)
{
  const char *pass = NULL;
  g_autoptr (AakPathWiden) widen =
      aak_path_widen_new (search->path, &search->rules->own, search->use == AAK_USE_READ);
  g_autofree char *certain = aak_path_widen_pattern (widen, 0, &pass);
  pass_content (search, widen);
  if (!pass_data (search, widen))
    pass_own (search, widen);
  if (search->out->len == search->first && pass != NULL)
    try_pattern (search, g_steal_pointer (&certain), pass);
}

/* --- what is read besides --------------------------------------------------------------------- */

/* Adds a pattern for the permissions @perms, which the others of the access cover as well. */
static void
add_besides (Search *search, char *pattern, const char *pass, guint perms)
{
  const AakImageFact *fact = aak_image_facts_find (search->rules->image, pattern);
  AakFilePattern added = { .pattern = pattern, .pass = pass, .perms = perms };
  added.others = fact != NULL ? aak_image_fact_others (fact, AAK_USE_READ) : 0;
  g_array_append_val (search->out, added);
}

/* Of public data any number of files may be admitted. */
static void
add_public (Search *search)
{
  const AakPublicData *entry = NULL;
  g_autofree char *pattern =
      aak_public_trees_find (search->rules->public, search->path, search->perms, &entry);
  const AakImageFact *fact =
      pattern != NULL ? aak_image_facts_find (search->rules->image, pattern) : NULL;
  if (pattern != NULL && (fact == NULL || fact->sensitive == 0))
    add_besides (search, g_steal_pointer (&pattern), entry->id, entry->perms);
}

/* Nobody knows what is nearly all of a directory that was not weighed. */
static void
add_modules (Search *search)
{
  if ((search->perms & AAK_PERM_R) == 0)
    return;
  g_autoptr (GPtrArray) found = aak_module_trees_find (search->rules->own.volumes, search->path);
  for (guint i = 0; i < found->len; i++)
    {
      const AakImageFact *fact = aak_image_facts_find (search->rules->image, found->pdata[i]);
      if (fact == NULL || fact->seen[AAK_USE_READ] < AAK_MODULE_MIN_FILES
          || !is_light (fact, AAK_USE_READ))
        continue;
      add_besides (search, g_strdup (found->pdata[i]), AAK_MODULE_PASS, AAK_PERM_R);
      return;
    }
}

/* --- an access ------------------------------------------------------------------------------- */

static void
pattern_clear (gpointer data)
{
  AakFilePattern *pattern = data;
  g_free (pattern->pattern);
  g_free (pattern->refused);
}

/* Adds what allows the use @search->use of the access. */
static void
add_use (Search *search)
{
  search->first = search->out->len;
  search->refusal = (AakFilePattern){ 0 };
  if (!search->rules->exact)
    search_use (search);
  if (search->out->len == search->first)
    add_pattern (search, aak_path_widen_nothing (search->path), NULL, 0);
  AakFilePattern *first = &g_array_index (search->out, AakFilePattern, search->first);
  first->refused = search->refusal.refused;
  first->refused_others = search->refusal.refused_others;
  first->refused_sensitive = search->refusal.refused_sensitive;
  if (search->use == AAK_USE_READ && !search->rules->exact)
    {
      add_public (search);
      add_modules (search);
    }
}

GArray *
aak_file_rules_for (const AakFileRules *rules, const AakObservation *access)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (AakFilePattern));
  Search search = { .rules = rules, .path = access->name, .out = out };
  guint rest = access->perms;
  g_array_set_clear_func (out, pattern_clear);
  for (guint use = 0; use < AAK_USES; use++)
    {
      search.use = (AakUse) use;
      search.perms = access->perms & aak_file_rules_perms_of (search.use);
      rest &= ~search.perms;
      if (search.perms != 0)
        add_use (&search);
    }
  search.perms = rest;
  if (rest != 0 || out->len == 0)
    add_pattern (&search, aak_path_widen_nothing (access->name), NULL, 0);
  return out;
}

char *
aak_file_rules_target (const AakFileRules *rules, const char *target)
{
  const char *pass = NULL;
  if (rules->exact)
    return aak_path_widen_nothing (target);
  g_autoptr (AakPathWiden) widen = aak_path_widen_new (target, &rules->own, FALSE);
  g_autofree char *pattern = aak_path_widen_pattern (widen, G_MAXUINT, &pass);
  const AakImageFact *fact = aak_image_facts_find (rules->image, pattern);
  return fact == NULL || is_light (fact, AAK_USE_READ) ? g_steal_pointer (&pattern)
                                                       : aak_path_widen_nothing (target);
}

/* --- candidates ------------------------------------------------------------------------------ */

static void
add_data (const AakFileRules *rules, const char *path, const char *pattern, GHashTable *out)
{
  g_autoptr (GPtrArray) found = aak_data_trees_find (rules->data, path, pattern, TRUE);
  for (guint i = 0; i < found->len; i++)
    g_hash_table_insert (out, g_strdup (found->pdata[i]), GINT_TO_POINTER (FALSE));
}

static void
add_content (const AakFileRules *rules, const char *path, const char *pattern, GHashTable *out)
{
  g_autoptr (GPtrArray) found = aak_content_trees_find (rules->trees, path, pattern, TRUE);
  for (guint i = 0; i < found->len; i++)
    g_hash_table_insert (out, g_strdup (found->pdata[i]), GINT_TO_POINTER (TRUE));
}

static void
add_others (const AakFileRules *rules, const AakObservation *access, GHashTable *out)
{
  char *public = aak_public_trees_candidate (rules->public, access->name, access->perms);
  g_autoptr (GPtrArray) found = aak_module_trees_find (rules->own.volumes, access->name);
  if (public != NULL)
    g_hash_table_insert (out, public, GINT_TO_POINTER (TRUE));
  for (guint i = 0; i < found->len; i++)
    g_hash_table_insert (out, g_strdup (found->pdata[i]), GINT_TO_POINTER (FALSE));
}

static void
add_certain (const AakFileRules *rules, const char *path, gboolean read, GHashTable *out)
{
  g_autoptr (AakPathWiden) widen = aak_path_widen_new (path, &rules->own, read);
  for (guint choices = 0; choices < 1u << aak_path_widen_choices (widen); choices++)
    {
      const char *pass = NULL;
      char *pattern = aak_path_widen_pattern (widen, choices, &pass);
      if (aak_own_paths_have (&rules->own, path))
        add_data (rules, path, pattern, out);
      if (read)
        add_content (rules, path, pattern, out);
      if (pass != NULL)
        g_hash_table_insert (out, pattern, GINT_TO_POINTER (FALSE));
      else
        g_free (pattern);
    }
}

void
aak_file_rules_candidates (const AakFileRules *rules, const AakObservation *access, GHashTable *out)
{
  add_certain (rules, access->name, FALSE, out);
  if (*access->detail != '\0')
    add_certain (rules, access->detail, FALSE, out);
  if ((access->perms & aak_file_rules_perms_of (AAK_USE_READ)) == 0)
    return;
  add_certain (rules, access->name, TRUE, out);
  add_others (rules, access, out);
}

/* --- life ------------------------------------------------------------------------------------ */

/* Counts what was read for every form that its pattern may have. */
static void
count_content (AakFileRules *rules, const AakObservation *access)
{
  if ((access->perms & AAK_PERM_R) == 0 || !can_be_content (rules, access->name))
    return;
  g_autoptr (AakPathWiden) widen = aak_path_widen_new (access->name, &rules->own, TRUE);
  const char *pass = NULL;
  g_autofree char *file = aak_path_widen_pattern (widen, 0, &pass);
  for (guint choices = 0; choices < 1u << aak_path_widen_choices (widen); choices++)
    {
      g_autofree char *pattern = aak_path_widen_pattern (widen, choices, &pass);
      aak_content_trees_count (rules->trees, access->name, pattern, file);
    }
}

/* The same of what was created and, in a volume of its own, changed. */
static void
count_data (AakFileRules *rules, const AakObservation *access)
{
  gboolean in_volume = aak_volumes_hold (rules->own.volumes, access->name, AAK_VOLUMES_OWN);
  if ((access->perms & (in_volume ? aak_file_rules_perms_of (AAK_USE_WRITE) : AAK_PERM_C)) == 0)
    return;
  g_autoptr (AakPathWiden) widen = aak_path_widen_new (access->name, &rules->own, FALSE);
  const char *pass = NULL;
  g_autofree char *widest = aak_path_widen_pattern (widen, G_MAXUINT, &pass);
  for (guint choices = 0; choices < 1u << aak_path_widen_choices (widen); choices++)
    {
      g_autofree char *pattern = aak_path_widen_pattern (widen, choices, &pass);
      aak_data_trees_count (rules->data, access->name, pattern, widest);
    }
}

AakFileRules *
aak_file_rules_new (const AakObservations *observations, const GPtrArray *sorted, gboolean exact)
{
  AakFileRules *rules = g_new0 (AakFileRules, 1);
  rules->image = aak_observations_image (observations);
  aak_own_paths_init (&rules->own, observations, sorted);
  rules->trees = aak_content_trees_new ();
  rules->data = aak_data_trees_new (rules->own.volumes);
  rules->public = aak_public_trees_new (rules->own.volumes);
  rules->exact = exact;
  for (guint i = 0; i < sorted->len && !exact; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      if (access->class != AAK_CLASS_FILE)
        continue;
      count_content (rules, access);
      count_data (rules, access);
      aak_public_trees_count (rules->public, access->name, access->perms);
    }
  return rules;
}

void
aak_file_rules_free (AakFileRules *rules)
{
  aak_own_paths_clear (&rules->own);
  aak_content_trees_free (rules->trees);
  aak_data_trees_free (rules->data);
  aak_public_trees_free (rules->public);
  g_free (rules);
}
