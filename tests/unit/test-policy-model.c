/* SPDX-License-Identifier: GPL-2.0-or-later
 * Random rules for files, compiled, answer every path as a matcher does that works on the rules
 * themselves and knows nothing of automatons. */
#include "lib/escape.h"
#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#define PROFILES  60
#define MAX_RULES 12
#define MAX_PARTS 12
#define QUESTIONS 600
#define MAX_PATH  64

/* A part of a pattern. */
typedef enum
{
  PART_BYTE, /* one byte, written as itself or in octal */
  PART_ANY,  /* ? */
  PART_SET,  /* [abc] */
  PART_STAR, /* * */
  PART_STARS /* ** */
} PartKind;

typedef struct
{
  PartKind kind;
  guint8 byte;
} Part;

typedef struct
{
  Part parts[MAX_PARTS];
  guint n;
  guint32 perms;
  gboolean deny;
  gboolean owner;
  gboolean audit;
} Rule;

typedef struct
{
  Rule rules[MAX_RULES];
  guint n;
} Rules;

static const guint32 ALL =
    AAK_MAY_READ | AAK_MAY_WRITE | AAK_MAY_APPEND | AAK_MAY_MMAP | AAK_MAY_LOCK | AAK_MAY_EXEC;

/* --- random rules and paths ------------------------------------------------------------------- */

/* Mostly from a few letters, so that paths meet rules; now and then anything but NUL. */
static guint8
random_byte (GRand *rand)
{
  static const char often[] = "aab/.";
  if (g_rand_int_range (rand, 0, 10) > 0)
    return (guint8) often[g_rand_int_range (rand, 0, (gint32) strlen (often))];
  return (guint8) g_rand_int_range (rand, 1, 256);
}

static Rule
random_rule (GRand *rand)
{
  Rule rule = { .n = 1, .parts = { { PART_BYTE, '/' } } };
  guint n = (guint) g_rand_int_range (rand, 2, MAX_PARTS);
  while (rule.n < n)
    {
      const Part *before = &rule.parts[rule.n - 1];
      Part part = { PART_BYTE, random_byte (rand) };
      if (g_rand_int_range (rand, 0, 3) == 0)
        part.kind = (PartKind) g_rand_int_range (rand, PART_ANY, PART_STARS + 1);
      /* Slashes that follow each other are one to the parser, stars are another star. */
      gboolean slashes = part.kind == PART_BYTE && part.byte == '/' && before->kind == PART_BYTE
                         && before->byte == '/';
      if (slashes || (part.kind >= PART_STAR && before->kind >= PART_STAR))
        continue;
      rule.parts[rule.n++] = part;
    }
  rule.deny = g_rand_int_range (rand, 0, 4) == 0;
  rule.owner = g_rand_int_range (rand, 0, 4) == 0;
  rule.audit = !rule.deny && g_rand_int_range (rand, 0, 4) == 0;
  while (rule.perms == 0)
    rule.perms = g_rand_int (rand) & ALL;
  /* One of a and w is all that a rule takes; w is both. */
  if ((rule.perms & AAK_MAY_WRITE) != 0)
    rule.perms |= AAK_MAY_APPEND;
  /* ix is also the permission to map the program. */
  if (!rule.deny && (rule.perms & AAK_MAY_EXEC) != 0)
    rule.perms |= AAK_MAY_MMAP;
  return rule;
}

/* A path that @rule may match: its parts, with something for the open ones, and sometimes a byte
 * changed. */
static gsize
random_path (GRand *rand, const Rule *rule, guint8 *path)
{
  gsize len = 0;
  for (guint i = 0; i < rule->n && len < MAX_PATH - 4; i++)
    switch (rule->parts[i].kind)
      {
      case PART_BYTE:
        path[len++] = rule->parts[i].byte;
        break;
      case PART_ANY:
      case PART_SET:
        path[len++] = random_byte (rand);
        break;
      case PART_STAR:
      case PART_STARS:
        for (int n = g_rand_int_range (rand, 0, 4); n > 0; n--)
          path[len++] = random_byte (rand);
        break;
      }
  if (g_rand_int_range (rand, 0, 3) == 0)
    path[g_rand_int_range (rand, 0, (gint32) len)] = random_byte (rand);
  if (g_rand_int_range (rand, 0, 6) == 0)
    len = (gsize) g_rand_int_range (rand, 0, (gint32) len);
  return len;
}

/* --- as text --------------------------------------------------------------------------------- */

static void
write_part (GString *text, const Part *part)
{
  static const char *const open[] = { [PART_BYTE] = "",
                                      [PART_ANY] = "?",
                                      [PART_SET] = "[ab]",
                                      [PART_STAR] = "*",
                                      [PART_STARS] = "**" };
  if (part->kind != PART_BYTE)
    g_string_append (text, open[part->kind]);
  else if (part->byte == '/' || g_ascii_isalnum (part->byte))
    g_string_append_c (text, (char) part->byte);
  else
    g_string_append_printf (text, "\\%03o", part->byte);
}

static char *
write_rules (const Rules *rules)
{
  GString *text = g_string_new ("abi <abi/3.0>,\nprofile zz {\n");
  for (guint i = 0; i < rules->n; i++)
    {
      const Rule *rule = &rules->rules[i];
      g_string_append_printf (text, "  %s%s%s\"", rule->audit ? "audit " : "",
                              rule->deny ? "deny " : "", rule->owner ? "owner " : "");
      for (guint j = 0; j < rule->n; j++)
        write_part (text, &rule->parts[j]);
      g_string_append_printf (text, "\" %s%s%s%s%s,\n", rule->perms & AAK_MAY_READ ? "r" : "",
                              rule->perms & AAK_MAY_WRITE    ? "w"
                              : rule->perms & AAK_MAY_APPEND ? "a"
                                                             : "",
                              rule->perms & AAK_MAY_MMAP ? "m" : "",
                              rule->perms & AAK_MAY_LOCK ? "k" : "",
                              rule->perms & AAK_MAY_EXEC ? (rule->deny ? "x" : "ix") : "");
    }
  g_string_append (text, "}\n");
  return g_string_free (text, FALSE);
}

/* --- the model ------------------------------------------------------------------------------- */

/* A star that is a whole component stands for one byte at least (apparmor.d(5)). */
static gboolean
needs_one (const Rule *rule, guint i)
{
  const Part *before = &rule->parts[i - 1];
  const Part *after = i + 1 < rule->n ? &rule->parts[i + 1] : NULL;
  return before->kind == PART_BYTE && before->byte == '/'
         && (after == NULL || (after->kind == PART_BYTE && after->byte == '/'));
}

static gboolean
matches (const Rule *rule, guint i, const guint8 *path, gsize len)
{
  if (i == rule->n)
    return len == 0;
  const Part *part = &rule->parts[i];
  gboolean open = part->kind >= PART_STAR;
  if (open && !needs_one (rule, i) && matches (rule, i + 1, path, len))
    return TRUE;
  if (len == 0)
    return FALSE;
  if (!open)
    return (part->kind == PART_BYTE  ? *path == part->byte
            : part->kind == PART_ANY ? *path != '/'
                                     : *path == 'a' || *path == 'b')
           && matches (rule, i + 1, path + 1, len - 1);
  /* A star takes 1, 2, ... bytes; the first of a whole component is no slash. */
  for (gsize taken = 1; taken <= len; taken++)
    {
      guint8 last = path[taken - 1];
      if (last == '/' && (part->kind == PART_STAR || (taken == 1 && needs_one (rule, i))))
        return FALSE;
      if (matches (rule, i + 1, path + taken, len - taken))
        return TRUE;
    }
  return FALSE;
}

typedef struct
{
  guint32 allow;
  guint32 quiet;
  guint32 audit;
} Expected;

static Expected
model (const Rules *rules, const guint8 *path, gsize len, gboolean owner)
{
  guint32 allow = 0, deny = 0, audit = 0;
  for (guint i = 0; i < rules->n; i++)
    {
      const Rule *rule = &rules->rules[i];
      if ((rule->owner && !owner) || !matches (rule, 0, path, len))
        continue;
      allow |= rule->deny ? 0 : rule->perms;
      deny |= rule->deny ? rule->perms : 0;
      audit |= rule->audit ? rule->perms : 0;
    }
  return (Expected){ .allow = allow & ~deny, .quiet = deny, .audit = audit & allow & ~deny };
}

/* --- the comparison -------------------------------------------------------------------------- */

static void
compare (GRand *rand, const Rules *rules, const AakPolicyProfile *profile, const char *text)
{
  guint8 path[MAX_PATH];
  for (guint i = 0; i < QUESTIONS; i++)
    {
      const Rule *rule = &rules->rules[g_rand_int_range (rand, 0, (gint32) rules->n)];
      gsize len = random_path (rand, rule, path);
      AakName name = { (const char *) path, len };
      for (int owner = 0; owner < 2; owner++)
        {
          Expected want = model (rules, path, len, owner);
          AakAnswer got = aak_policy_query_file (profile, name, ALL, owner);
          g_autofree char *shown = aak_escape (name.bytes, len);
          cr_assert ((got.requested & ~got.denied) == want.allow && got.audited == want.audit
                         && got.quiet == want.quiet,
                     "%s (owner %d): allowed %x, not %x; quiet %x, not %x; audited %x, not %x\n%s",
                     shown, owner, got.requested & ~got.denied, want.allow, got.quiet, want.quiet,
                     got.audited, want.audit, text);
        }
    }
}

static void
one_profile (GRand *rand, const AakCompiler *compiler, const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  Rules rules = { .n = (guint) g_rand_int_range (rand, 1, MAX_RULES) };
  for (guint i = 0; i < rules.n; i++)
    rules.rules[i] = random_rule (rand);
  g_autofree char *text = write_rules (&rules);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s\n%s", error != NULL ? error->message : "", text);
  compare (rand, &rules, aak_policy_set_find (set, "zz"), text);
}

Test (policy_model, random_file_rules)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-13-6.12");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  for (guint i = 0; i < PROFILES; i++)
    one_profile (rand, compiler, features);
}
