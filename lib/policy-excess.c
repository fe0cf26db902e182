/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compares class by class. */
#include "config.h"

#include "lib/policy-excess.h"

#include "lib/policy-answer.h"
#include "lib/policy-excess-plain.h"
#include "lib/policy-excess-text.h"
#include "lib/policy-find.h"
#include "lib/policy-names.h"

#include <string.h>
#include <sys/socket.h>

#define REALTIME_FIRST 128
#define REALTIME_LAST  160
#define LAST_SIGNAL    35
#define N_SIGNALS      (LAST_SIGNAL + 1 + REALTIME_LAST - REALTIME_FIRST)

typedef struct
{
  const AakPolicyProfile *profile, *other;
  guint most;
  GPtrArray *excess;
  gboolean more;
} Comparison;

void
aak_excess_free (AakExcess *excess)
{
  g_free (excess->rule);
  g_ptr_array_unref (excess->but);
  g_free (excess);
}

/* --- finds ----------------------------------------------------------------------------------- */

static void
add_find (Comparison *c, const AakPolicyProduct *product, const AakPolicyFind *find,
          const char *set)
{
  AakExcess *one = aak_excess_add (c->excess, find->claim.kind, product->shape->word,
                                   aak_policy_find_text (product, find, find->pattern, set));
  one->more = find->more;
  for (guint i = 0; i < find->but->len; i++)
    g_ptr_array_add (one->but, aak_policy_find_text (product, find, find->but->pdata[i], set));
}

/* TRUE where anything but @known is in excess. */
static gboolean
any_excess (const AakPolicyProduct *product, guint32 known)
{
  for (guint i = 0; i < product->nodes->len; i++)
    if ((aak_policy_product_node (product, i)->excess[AAK_EXCESS_ALLOWED]
         & ~AAK_OWNED (known, known))
        != 0)
      return TRUE;
  return FALSE;
}

/* Compares what begins at the two places. @profile's may be none, where it does not mediate. */
static gboolean
compare (Comparison *c, const AakPolicyShape *shape, AakPolicySide one, AakPolicySide other,
         const char *set, GError **error)
{
  if (one.db != NULL && one.start == AAK_POLICY_DFA_NOMATCH)
    return TRUE;
  g_autoptr (AakPolicyProduct) product = aak_policy_product_new (shape, one, other, error);
  if (product == NULL)
    return FALSE;
  if (one.db == NULL)
    {
      if (any_excess (product, 0))
        aak_excess_add (c->excess, AAK_EXCESS_ALLOWED, shape->word, g_strdup (shape->word))
            ->unmediated = TRUE;
      return TRUE;
    }
  for (AakExcessKind kind = 0; kind < AAK_EXCESS_KINDS; kind++)
    {
      gboolean more = FALSE;
      g_autoptr (GPtrArray) finds = aak_policy_find_all (product, kind, c->most, &more);
      c->more |= more;
      for (guint i = 0; i < finds->len; i++)
        add_find (c, product, finds->pdata[i], set);
    }
  return TRUE;
}

/* --- classes --------------------------------------------------------------------------------- */

static AakPolicySide
side_of (const AakPolicyProfile *profile, AakPolicyClass class)
{
  AakPolicySide side = { profile->rules, aak_policy_db_class (profile->rules, (guint8) class) };
  if (side.start == AAK_POLICY_DFA_NOMATCH)
    side.db = NULL;
  const guint8 byte = (guint8) class;
  if (class == AAK_POLICY_CLASS_PTRACE && side.db != NULL)
    {
      /* Its labels are looked up behind a byte of their own (lib/policy-query.c). */
      side.start = aak_policy_db_class (side.db, AAK_POLICY_CLASS_LABEL);
      side.start = aak_policy_db_match (side.db, side.start, &byte, 1);
    }
  return side;
}

static gboolean
compare_class (Comparison *c, AakPolicyClass class, GError **error)
{
  AakPolicySide one = side_of (c->profile, class), other = side_of (c->other, class);
  /* What the other does not mediate, it allows. */
  return other.db == NULL || compare (c, aak_policy_shape (class), one, other, NULL, error);
}

static gboolean
compare_files (Comparison *c, GError **error)
{
  AakPolicySide one, other;
  one.db = aak_policy_answer_files (c->profile, &one.start);
  other.db = aak_policy_answer_files (c->other, &other.start);
  return compare (c, aak_policy_shape (AAK_POLICY_CLASS_FILE), one, other, NULL, error);
}

static gboolean
compare_attachment (Comparison *c, GError **error)
{
  AakPolicySide one = { c->profile->attachment, aak_policy_db_start (c->profile->attachment) },
                other = { c->other->attachment, aak_policy_db_start (c->other->attachment) };
  return compare (c, aak_policy_shape_attachment (), one, other, NULL, error);
}

/* --- signals --------------------------------------------------------------------------------- */

/* Signals that both profiles have the same rules for. */
typedef struct
{
  guint32 start[2];
  GString *names;
  guint n;
} SignalGroup;

static void
group_free (gpointer data)
{
  SignalGroup *group = data;
  g_string_free (group->names, TRUE);
  g_free (group);
}

static void
add_signal (GPtrArray *groups, const AakPolicySide *one, const AakPolicySide *other, guint signal)
{
  const guint8 byte = (guint8) signal;
  const guint32 start[] = {
    one->db != NULL ? aak_policy_db_match (one->db, one->start, &byte, 1) : 0,
    aak_policy_db_match (other->db, other->start, &byte, 1),
  };
  g_autofree char *name = aak_policy_signal_name (signal);
  for (guint i = 0; i < groups->len; i++)
    {
      SignalGroup *group = groups->pdata[i];
      if (memcmp (group->start, start, sizeof start) != 0)
        continue;
      g_string_append_printf (group->names, ", %s", name);
      group->n++;
      return;
    }
  SignalGroup *group = g_new0 (SignalGroup, 1);
  memcpy (group->start, start, sizeof start);
  group->names = g_string_new (name);
  group->n = 1;
  g_ptr_array_add (groups, group);
}

/* "set=(hup, term)"; where it is most of them, those that are not in it are named. */
static char *
signals_text (const GPtrArray *groups, guint index)
{
  const SignalGroup *group = groups->pdata[index];
  if (groups->len == 1)
    return NULL;
  if (group->n <= N_SIGNALS / 2)
    return g_strdup_printf ("set=(%s)", group->names->str);
  g_autoptr (GString) others = g_string_new (NULL);
  for (guint i = 0; i < groups->len; i++)
    if (i != index)
      g_string_append_printf (others, "%s%s", others->len > 0 ? ", " : "",
                              ((const SignalGroup *) groups->pdata[i])->names->str);
  return g_strdup_printf ("set=(all but %s)", others->str);
}

static gboolean
compare_signals (Comparison *c, GError **error)
{
  AakPolicySide one = side_of (c->profile, AAK_POLICY_CLASS_SIGNAL),
                other = side_of (c->other, AAK_POLICY_CLASS_SIGNAL);
  if (other.db == NULL)
    return TRUE;
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (group_free);
  for (guint signal = 1; signal <= LAST_SIGNAL; signal++)
    add_signal (groups, &one, &other, signal);
  for (guint signal = REALTIME_FIRST; signal <= REALTIME_LAST; signal++)
    add_signal (groups, &one, &other, signal);
  for (guint i = 0; i < groups->len; i++)
    {
      const SignalGroup *group = groups->pdata[i];
      g_autofree char *set = signals_text (groups, i);
      one.start = group->start[0];
      other.start = group->start[1];
      if (!compare (c, aak_policy_shape (AAK_POLICY_CLASS_SIGNAL), one, other, set, error))
        return FALSE;
      if (one.db == NULL)
        break; /* that nothing is mediated is said once */
    }
  return TRUE;
}

/* --- sockets --------------------------------------------------------------------------------- */

/* Behind family and type. */
static AakPolicySide
socket_side (const AakPolicyProfile *profile, guint family, guint type)
{
  AakPolicySide side = side_of (profile, AAK_POLICY_CLASS_NETWORK_V9);
  if (side.db == NULL)
    side = side_of (profile, AAK_POLICY_CLASS_NETWORK);
  const guint8 bytes[] = { 0, (guint8) family, 0, (guint8) type };
  if (side.db != NULL)
    side.start = aak_policy_db_match (side.db, side.start, bytes, sizeof bytes);
  return side;
}

/* Behind the protocol, where rules for unix sockets begin; else all or nothing is allowed. */
static AakPolicySide
unix_side (const AakPolicyProfile *profile, guint type, gboolean *out_fine)
{
  static const guint8 protocol[] = { 0, 0 };
  AakPolicySide side = socket_side (profile, AF_UNIX, type);
  *out_fine = FALSE;
  if (side.db == NULL)
    return side;
  guint32 start = aak_policy_db_match (side.db, side.start, protocol, sizeof protocol);
  *out_fine = start != AAK_POLICY_DFA_NOMATCH;
  gboolean all = (aak_policy_db_perms (side.db, side.start, TRUE).allow & AAK_MAY_NET_CREATE) != 0;
  if (*out_fine)
    side.start = start;
  else if (all)
    side.db = NULL;
  else
    side.start = AAK_POLICY_DFA_NOMATCH;
  return side;
}

static gboolean
compare_unix (Comparison *c, GError **error)
{
  for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
    {
      gboolean fine[2];
      AakPolicySide one = unix_side (c->profile, type, &fine[0]),
                    other = unix_side (c->other, type, &fine[1]);
      const char *word = aak_policy_socket_type_name (type);
      g_autofree char *set =
          word != NULL ? g_strdup_printf ("type=%s", word) : g_strdup_printf ("type=%u", type);
      if ((fine[0] || fine[1]) && other.db != NULL
          && !compare (c, aak_policy_shape_unix (), one, other, set, error))
        return FALSE;
    }
  return TRUE;
}

/* What is behind the types of other families are addresses: it is said whether they differ. */
static gboolean
compare_addresses (Comparison *c, guint family, guint type, GError **error)
{
  AakPolicySide one = socket_side (c->profile, family, type),
                other = socket_side (c->other, family, type);
  if (one.db == NULL || other.db == NULL || one.start == AAK_POLICY_DFA_NOMATCH)
    return TRUE;
  g_autoptr (AakPolicyProduct) product =
      aak_policy_product_new (aak_policy_shape_socket (), one, other, error);
  if (product == NULL)
    return FALSE;
  /* What the type alone allows is allowed with every address. */
  if (any_excess (product, aak_policy_db_perms (other.db, other.start, TRUE).allow))
    {
      g_autofree char *text = aak_excess_socket_text (family, type);
      aak_excess_add (c->excess, AAK_EXCESS_ALLOWED, "network",
                      g_strdup_printf ("%s, some addresses", text));
    }
  return TRUE;
}

static gboolean
compare_sockets (Comparison *c, GError **error)
{
  aak_excess_network (c->excess, c->profile, c->other);
  for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
    if (!compare_addresses (c, AF_INET, type, error)
        || !compare_addresses (c, AF_INET6, type, error))
      return FALSE;
  return compare_unix (c, error);
}

/* --- all of it ------------------------------------------------------------------------------- */

static int
by_class_and_rule (gconstpointer a, gconstpointer b)
{
  const AakExcess *x = *(AakExcess *const *) a, *y = *(AakExcess *const *) b;
  int class = strcmp (x->class, y->class);
  if (class != 0)
    return class;
  return x->kind != y->kind ? (int) x->kind - (int) y->kind : strcmp (x->rule, y->rule);
}

/* One rule for change_profile is there for any program and for none: its text is the same. */
static void
drop_twins (GPtrArray *excess)
{
  for (guint i = excess->len; i > 1; i--)
    {
      const AakExcess *one = excess->pdata[i - 1], *before = excess->pdata[i - 2];
      if (one->kind == before->kind && strcmp (one->rule, before->rule) == 0 && one->but->len == 0
          && before->but->len == 0)
        g_ptr_array_remove_index (excess, i - 1);
    }
}

static gboolean
compare_all (Comparison *c, GError **error)
{
  static const AakPolicyClass classes[] = {
    AAK_POLICY_CLASS_MOUNT,     AAK_POLICY_CLASS_PTRACE,   AAK_POLICY_CLASS_POSIX_MQUEUE,
    AAK_POLICY_CLASS_NAMESPACE, AAK_POLICY_CLASS_IO_URING, AAK_POLICY_CLASS_DBUS,
  };
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (!compare_class (c, classes[i], error))
      return FALSE;
  aak_excess_capabilities (c->excess, c->profile, c->other);
  aak_excess_limits (c->excess, c->profile, c->other);
  return compare_files (c, error) && compare_attachment (c, error) && compare_signals (c, error)
         && compare_sockets (c, error);
}

/* Where the flag audit tells the profiles apart, everything is recorded by one of them. */
static void
drop_records (GPtrArray *excess)
{
  for (guint i = excess->len; i > 0; i--)
    if (((const AakExcess *) excess->pdata[i - 1])->kind != AAK_EXCESS_ALLOWED)
      g_ptr_array_remove_index (excess, i - 1);
}

GPtrArray *
aak_policy_excess (const AakPolicyProfile *profile, const AakPolicyProfile *other, guint most,
                   gboolean *out_more, GError **error)
{
  g_autoptr (GPtrArray) excess = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_excess_free);
  Comparison c = { profile, other, most, excess, FALSE };
  gboolean unconfined = profile->mode == AAK_MODE_UNCONFINED || other->mode == AAK_MODE_UNCONFINED;
  if (!unconfined && !compare_all (&c, error))
    return NULL;
  if (profile->audit_all || other->audit_all)
    drop_records (excess);
  g_ptr_array_sort (excess, by_class_and_rule);
  drop_twins (excess);
  *out_more = c.more;
  return g_steal_pointer (&excess);
}
