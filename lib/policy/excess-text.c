/* SPDX-License-Identifier: LGPL-2.1-or-later
 * One function for each class, in the order of the parts of its names (lib/policy/shape.c). */
#include "config.h"

#include "lib/policy/excess-text.h"

#include "lib/escape.h"
#include "lib/policy/exec.h"
#include "lib/policy/pattern-text.h"

#include <string.h>
#include <sys/mount.h>

#define PARTS 9

typedef struct
{
  const AakPolicyProduct *product;
  const AakPolicyFind *find;
  const GArray *pattern;
  const char *set;
  guint from[PARTS]; /* where a part begins */
  guint n[PARTS];    /* of pieces */
  guint last;        /* part */
  GString *text;
} Writer;

/* --- parts ----------------------------------------------------------------------------------- */

static void
split (Writer *w)
{
  AakShapePlace place = { 0 };
  for (guint i = 0; i < w->pattern->len && place.part < PARTS; i++)
    {
      const AakPolicyPiece *piece = aak_policy_pattern_at (w->pattern, i);
      AakShapePlace next =
          aak_policy_pattern_next (w->product->shape, &w->product->groups, place, piece);
      gboolean ends = next.part > place.part;
      if (!ends || !aak_policy_piece_is (piece, w->product->groups.nul))
        w->n[place.part]++;
      if (ends && next.part < PARTS)
        w->from[next.part] = i + 1;
      place = next;
    }
  w->last = MIN (place.part, PARTS - 1);
}

static char *
part_text (const Writer *w, guint part)
{
  return aak_policy_pattern_text (&w->product->groups, w->pattern, w->from[part], w->n[part]);
}

static gboolean
part_is_any (const Writer *w, guint part)
{
  return aak_policy_pattern_is_any (&w->product->groups, w->pattern, w->from[part], w->n[part]);
}

/* " KEY=PART", unless the part is empty or anything. */
static void
add_condition (const Writer *w, const char *key, guint part)
{
  if (part > w->last || w->n[part] == 0 || part_is_any (w, part))
    return;
  g_autofree char *text = part_text (w, part);
  g_string_append_printf (w->text, " %s=%s", key, text);
}

static void
add_part (const Writer *w, const char *before, guint part)
{
  g_autofree char *text = part_text (w, part);
  g_string_append_printf (w->text, "%s%s", before, text);
}

/* " (send, receive)" */
static void
add_perms (const Writer *w, AakPermWords words)
{
  g_autofree char *text = aak_policy_perms_text (words, w->find->claim.perms);
  g_auto (GStrv) each = g_strsplit (text, ",", -1);
  g_autofree char *joined = g_strjoinv (", ", each);
  g_string_append_printf (w->text, " (%s)", joined);
}

static void
add_set (const Writer *w)
{
  if (w->set != NULL)
    g_string_append_printf (w->text, " %s", w->set);
}

/* --- files ----------------------------------------------------------------------------------- */

/* Letters; w is also a, and making and deleting. */
static void
add_letters (const Writer *w)
{
  const AakPolicyClaim *claim = &w->find->claim;
  guint32 perms = claim->perms & ~AAK_MAY_EXEC;
  if ((perms & AAK_MAY_WRITE) != 0)
    perms &= ~(AAK_MAY_APPEND | AAK_MAY_CREATE | AAK_MAY_DELETE);
  g_autofree char *letters = aak_policy_perms_text (AAK_PERM_WORDS_FILE, perms);
  g_string_append_printf (w->text, " %s", letters);
  if ((claim->perms & AAK_MAY_EXEC) == 0)
    return;
  if (claim->kind == AAK_EXCESS_QUIET)
    {
      g_string_append_c (w->text, 'x'); /* what is denied leads nowhere */
      return;
    }
  AakExec exec = aak_policy_exec_of (w->product->sides[0].db, claim->how);
  g_autofree char *way = aak_policy_exec_text (&exec);
  g_autofree char *name = exec.name != NULL ? aak_escape (exec.name, strlen (exec.name)) : NULL;
  g_string_append_printf (w->text, "%s%s%s", way, name != NULL ? " -> " : "",
                          name != NULL ? name : "");
}

static void
add_pair (const Writer *w)
{
  gboolean link = (w->find->claim.perms & AAK_MAY_LINK) != 0;
  gboolean subset = link && (w->find->claim.how & AAK_MAY_LINK_SUBSET) != 0;
  g_string_append (w->text, link ? "link" : "change_profile");
  if (subset)
    g_string_append (w->text, " subset");
  g_autofree char *first = part_text (w, 0);
  if (link || strcmp (first, "/**") != 0)
    g_string_append_printf (w->text, " %s", first);
  add_part (w, " -> ", 1);
}

static void
add_file (const Writer *w)
{
  const guint32 perms = w->find->claim.perms;
  if (w->find->claim.who != AAK_FIND_ALL && (perms & AAK_MAY_ONEXEC) == 0
      && (perms & AAK_MAY_CHANGE_PROFILE) == 0)
    g_string_append (w->text, w->find->claim.who == AAK_FIND_OWNER ? "owner " : "other ");
  if (w->last > 0)
    add_pair (w);
  else if ((perms & AAK_MAY_CHANGE_PROFILE) != 0)
    add_part (w, "change_profile -> ", 0);
  else
    {
      add_part (w, "", 0);
      add_letters (w);
    }
}

/* --- mounts ---------------------------------------------------------------------------------- */

/* The flags of pieces of @kind; those of a move, say, have one word together with MS_REC. */
static guint32
flags_of (const Writer *w, AakPolicyPieceKind kind)
{
  guint32 flags = 0;
  for (guint i = w->from[3]; w->last >= 3 && i < w->from[3] + w->n[3]; i++)
    for (guint flag = 1; flag <= 32; flag++)
      {
        const AakPolicyPiece *piece = aak_policy_pattern_at (w->pattern, i);
        if (piece->kind == kind
            && aak_policy_group_set_has (&piece->set, w->product->groups.of[flag]))
          flags |= 1u << (flag - 1);
      }
  return flags;
}

static void
add_options (const Writer *w, const char *how, guint32 flags)
{
  const char *between = "";
  if (flags == 0 || flags == G_MAXUINT32)
    return;
  g_string_append_printf (w->text, " %s(", how);
  guint32 recursive = flags & MS_REC;
  for (guint bit = 0; bit < 32; bit++)
    {
      guint32 flag = flags & 1u << bit;
      const char *word = flag != 0 ? aak_policy_mount_option (flag | recursive) : NULL;
      if (word == NULL && flag != 0 && flag != MS_REC)
        word = aak_policy_mount_option (flag);
      if (flag == 0 || (flag == MS_REC && flags != MS_REC))
        continue;
      g_autofree char *number = word == NULL ? g_strdup_printf ("0x%x", flag) : NULL;
      g_string_append_printf (w->text, "%s%s", between, word != NULL ? word : number);
      between = ", ";
    }
  g_string_append_c (w->text, ')');
}

static void
add_mount (const Writer *w)
{
  const guint32 perms = w->find->claim.perms;
  if ((perms & AAK_MAY_UMOUNT) != 0)
    add_part (w, "umount ", 0);
  else if ((perms & AAK_MAY_PIVOT_ROOT) != 0)
    {
      g_string_append (w->text, "pivot_root");
      add_condition (w, "oldroot", 1);
      add_part (w, " ", 0);
    }
  else
    {
      g_string_append (w->text, "mount");
      add_condition (w, "fstype", 2);
      if (w->last >= 3 && w->n[3] == 0)
        g_string_append (w->text, " options=(rw)"); /* none that is a flag */
      add_options (w, "options=", flags_of (w, AAK_PIECE_ONE));
      add_options (w, "options in ", flags_of (w, AAK_PIECE_MAYBE));
      add_condition (w, "data", 4);
      if (w->n[1] > 0 && !part_is_any (w, 1))
        add_part (w, " ", 1);
      if (w->n[0] > 0 && !part_is_any (w, 0))
        add_part (w, " -> ", 0);
    }
}

/* --- everything else ------------------------------------------------------------------------- */

static void
add_signal (const Writer *w)
{
  g_string_append (w->text, "signal");
  add_perms (w, AAK_PERM_WORDS_SIGNAL);
  add_set (w);
  add_condition (w, "peer", 0);
}

static void
add_ptrace (const Writer *w)
{
  g_string_append (w->text, "ptrace");
  add_perms (w, AAK_PERM_WORDS_PTRACE);
  add_condition (w, "peer", 0);
}

static void
add_dbus (const Writer *w)
{
  g_string_append (w->text, "dbus");
  add_perms (w, AAK_PERM_WORDS_DBUS);
  add_condition (w, "bus", 0);
  if (w->last == 1)
    add_condition (w, "name", 1);
  if (w->last < 2)
    return;
  add_condition (w, "path", 3);
  add_condition (w, "interface", 4);
  add_condition (w, "member", 5);
  gboolean name = w->n[1] > 0 && !part_is_any (w, 1), label = w->n[2] > 0 && !part_is_any (w, 2);
  if (!name && !label)
    return;
  g_string_append (w->text, " peer=(");
  if (name)
    add_part (w, "name=", 1);
  if (label)
    add_part (w, name ? ", label=" : "label=", 2);
  g_string_append_c (w->text, ')');
}

static void
add_mqueue (const Writer *w)
{
  g_string_append (w->text, "mqueue");
  add_perms (w, AAK_PERM_WORDS_MQUEUE);
  g_string_append (w->text, " type=posix");
  if (!part_is_any (w, 0))
    add_part (w, " ", 0);
}

static void
add_userns (const Writer *w)
{
  g_string_append (w->text, "userns create");
}

static void
add_io_uring (const Writer *w)
{
  gboolean poll = (w->find->claim.perms & AAK_MAY_URING_SQPOLL) != 0;
  g_string_append (w->text, poll ? "io_uring (sqpoll)" : "io_uring (override_creds)");
  add_condition (w, "label", 0);
}

static void
add_attachment (const Writer *w)
{
  g_string_append (w->text, "attachment");
  add_part (w, " ", 0);
}

/* The address in @part; NULL where it is any. The byte 1 stands for none; behind a NUL it is an
 * abstract one. The caller frees it. */
static char *
address_text (const Writer *w, guint part)
{
  const AakPolicyGroups *groups = &w->product->groups;
  guint from = w->from[part], n = w->n[part];
  const AakPolicyPiece *first = n > 0 ? aak_policy_pattern_at (w->pattern, from) : NULL;
  if (first == NULL)
    return NULL;
  if (n == 1 && aak_policy_piece_is (first, groups->of[1]))
    return g_strdup ("none");
  gboolean leads = aak_policy_group_set_has (&first->set, groups->nul),
           maybe = first->kind == AAK_PIECE_MAYBE;
  from += leads ? 1 : 0;
  n -= leads ? 1 : 0;
  if (leads && maybe && aak_policy_pattern_is_any (groups, w->pattern, from, n))
    return NULL;
  g_autofree char *text = aak_policy_pattern_text (groups, w->pattern, from, n);
  return g_strconcat (!leads ? "" : maybe ? "{,@}" : "@", text, NULL);
}

/* The peer's address is part 3, its label part 4. */
static void
add_unix (const Writer *w)
{
  g_autofree char *own = address_text (w, 0);
  g_string_append (w->text, "unix");
  add_perms (w, AAK_PERM_WORDS_NETWORK);
  add_set (w);
  if (own != NULL)
    g_string_append_printf (w->text, " addr=%s", own);
  g_autofree char *peer = w->last == 4 ? address_text (w, 3) : NULL;
  gboolean label = w->last == 4 && w->n[4] > 0 && !part_is_any (w, 4);
  if (peer == NULL && !label)
    return;
  g_string_append (w->text, " peer=(");
  if (peer != NULL)
    g_string_append_printf (w->text, "addr=%s", peer);
  if (label)
    add_part (w, peer != NULL ? ", label=" : "label=", 4);
  g_string_append_c (w->text, ')');
}

char *
aak_policy_find_text (const AakPolicyProduct *product, const AakPolicyFind *find,
                      const GArray *pattern, const char *set)
{
  static const struct
  {
    const char *word;
    void (*add) (const Writer *w);
  } classes[] = {
    { "file", add_file },     { "mount", add_mount },       { "signal", add_signal },
    { "ptrace", add_ptrace }, { "dbus", add_dbus },         { "mqueue", add_mqueue },
    { "userns", add_userns }, { "io_uring", add_io_uring }, { "attachment", add_attachment },
    { "unix", add_unix },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  Writer w = { .product = product, .find = find, .pattern = pattern, .set = set, .text = text };
  split (&w);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strcmp (product->shape->word, classes[i].word) == 0)
      classes[i].add (&w);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
