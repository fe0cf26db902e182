/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Asks every question there is. */
#include "config.h"

#include "lib/policy/excess-plain.h"

#include "lib/policy/names.h"
#include "lib/policy/query.h"
#include "lib/policy/socket.h"

#include <sys/socket.h>

#define N_CAPABILITIES 64

AakExcess *
aak_excess_add (GPtrArray *excess, AakExcessKind kind, const char *class, char *rule)
{
  AakExcess *one = g_new0 (AakExcess, 1);
  one->kind = kind;
  one->class = class;
  one->rule = rule;
  one->but = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (excess, one);
  return one;
}

/* What @one is beyond @other in @kind, of answers to the same question. */
static guint32
beyond (const AakAnswer *one, const AakAnswer *other, AakExcessKind kind)
{
  guint32 both = one->requested & ~one->denied & ~other->denied, none = one->denied & other->denied;
  switch (kind)
    {
    case AAK_EXCESS_ALLOWED:
      return other->denied & ~one->denied;
    case AAK_EXCESS_AUDITED:
      return both & one->audited & ~other->audited;
    case AAK_EXCESS_QUIET:
      return none & one->quiet & ~other->quiet;
    case AAK_EXCESS_KINDS:
      break;
    }
  return 0;
}

void
aak_excess_capabilities (GPtrArray *excess, const AakPolicyProfile *profile,
                         const AakPolicyProfile *other)
{
  for (guint i = 0; i < N_CAPABILITIES; i++)
    {
      AakAnswer mine = aak_policy_query_capability (profile, i),
                its = aak_policy_query_capability (other, i);
      const char *name = aak_policy_capability_name (i);
      for (AakExcessKind kind = 0; kind < AAK_EXCESS_KINDS; kind++)
        if (beyond (&mine, &its, kind) != 0)
          aak_excess_add (excess, kind, "capability",
                          name != NULL ? g_strdup_printf ("capability %s", name)
                                       : g_strdup_printf ("capability %u", i));
    }
}

void
aak_excess_limits (GPtrArray *excess, const AakPolicyProfile *profile,
                   const AakPolicyProfile *other)
{
  const AakPolicyLimits *mine = &profile->limits, *its = &other->limits;
  for (guint i = 0; i < AAK_POLICY_N_LIMITS; i++)
    {
      gboolean set = (mine->set >> i & 1) != 0;
      if ((its->set >> i & 1) == 0 || (set && mine->most[i] <= its->most[i]))
        continue;
      const char *name = aak_policy_limit_name (i);
      g_autofree char *most = set && mine->most[i] != G_MAXUINT64
                                  ? g_strdup_printf ("%" G_GUINT64_FORMAT, mine->most[i])
                                  : g_strdup ("infinity");
      aak_excess_add (excess, AAK_EXCESS_ALLOWED, "rlimit",
                      g_strdup_printf ("set rlimit %s <= %s", name, most));
    }
}

/* --- sockets --------------------------------------------------------------------------------- */

/* What is in excess for each type of each family. */
typedef struct
{
  guint32 perms[AAK_SOCKET_FAMILIES][AAK_SOCKET_TYPES];
} Table;

char *
aak_excess_socket_text (guint family, guint type)
{
  g_autoptr (GString) text = g_string_new ("network");
  const char *of_family = aak_policy_family_name (family),
             *of_type = aak_policy_socket_type_name (type);
  if (of_family != NULL)
    g_string_append_printf (text, " %s", of_family);
  else
    g_string_append_printf (text, " %u", family);
  if (of_type != NULL)
    g_string_append_printf (text, " %s", of_type);
  else if (type > 0)
    g_string_append_printf (text, " %u", type);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* TRUE where all types of @family have @perms. */
static gboolean
is_uniform (const Table *table, guint family, guint32 perms)
{
  for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
    if (table->perms[family][type] != perms)
      return FALSE;
  return TRUE;
}

static gboolean
is_all_uniform (const Table *table, guint32 perms)
{
  for (guint family = 1; family < AAK_SOCKET_FAMILIES; family++)
    if (!is_uniform (table, family, perms))
      return FALSE;
  return TRUE;
}

/* Takes @rule. */
static void
add_socket (GPtrArray *excess, AakExcessKind kind, char *rule, guint32 perms)
{
  g_autofree char *bare = rule;
  g_autofree char *words = aak_policy_perms_text (AAK_PERM_WORDS_NETWORK, perms);
  gboolean all = (perms & AAK_MAY_NET_ALL) == AAK_MAY_NET_ALL;
  aak_excess_add (excess, kind, "network",
                  all ? g_steal_pointer (&bare) : g_strdup_printf ("%s (%s)", bare, words));
}

static void
add_family (GPtrArray *excess, AakExcessKind kind, const Table *table, guint family)
{
  const guint32 *perms = table->perms[family];
  if (perms[1] != 0 && is_uniform (table, family, perms[1]))
    {
      add_socket (excess, kind, aak_excess_socket_text (family, 0), perms[1]);
      return;
    }
  for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
    if (perms[type] != 0)
      add_socket (excess, kind, aak_excess_socket_text (family, type), perms[type]);
}

static void
add_kind (GPtrArray *excess, const AakPolicyProfile *profile, const AakPolicyProfile *other,
          AakExcessKind kind)
{
  g_autofree Table *table = g_new0 (Table, 1);
  for (guint family = 1; family < AAK_SOCKET_FAMILIES; family++)
    for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
      {
        AakAnswer mine = aak_policy_query_network (profile, (guint16) family, (guint16) type,
                                                   AAK_MAY_NET_ALL),
                  its = aak_policy_query_network (other, (guint16) family, (guint16) type,
                                                  AAK_MAY_NET_ALL);
        table->perms[family][type] = beyond (&mine, &its, kind);
      }
  guint32 first = table->perms[1][1];
  if (first != 0 && is_all_uniform (table, first))
    {
      add_socket (excess, kind, g_strdup ("network"), first);
      AakExcess *last = excess->pdata[excess->len - 1];
      last->unmediated = !aak_policy_query_network (profile, 1, 1, AAK_MAY_NET_CREATE).mediated;
      return;
    }
  guint32 behind = AAK_POLICY_DFA_NOMATCH;
  for (guint type = 1; type < AAK_SOCKET_TYPES; type++)
    if (aak_policy_socket_unix (profile, (guint16) type, &behind))
      table->perms[AF_UNIX][type] = 0; /* rules of their own decide */
  for (guint family = 1; family < AAK_SOCKET_FAMILIES; family++)
    add_family (excess, kind, table, family);
}

void
aak_excess_network (GPtrArray *excess, const AakPolicyProfile *profile,
                    const AakPolicyProfile *other)
{
  for (AakExcessKind kind = 0; kind < AAK_EXCESS_KINDS; kind++)
    add_kind (excess, profile, other, kind);
}
