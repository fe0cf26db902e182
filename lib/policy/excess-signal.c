/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Compares signals: those with the same rules together. */
#include "config.h"

#include "lib/policy/excess-class.h"

#include "lib/policy/names.h"

#include <string.h>

#define REALTIME_FIRST 128
#define REALTIME_LAST  160
#define LAST_SIGNAL    35
#define N_SIGNALS      (LAST_SIGNAL + 1 + REALTIME_LAST - REALTIME_FIRST)

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

gboolean
aak_excess_signals (AakExcessComparison *c, GError **error)
{
  AakPolicySide one = aak_excess_side (c->profile, AAK_POLICY_CLASS_SIGNAL),
                other = aak_excess_side (c->other, AAK_POLICY_CLASS_SIGNAL);
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
      if (!aak_excess_compare (c, aak_policy_shape (AAK_POLICY_CLASS_SIGNAL), one, other, set,
                               error))
        return FALSE;
      if (one.db == NULL)
        break; /* that nothing is mediated is said once */
    }
  return TRUE;
}
