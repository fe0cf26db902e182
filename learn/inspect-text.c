/* SPDX-License-Identifier: GPL-2.0-or-later
 * Containers side by side. */
#include "config.h"

#include "learn/inspect-print.h"

#include "learn/inspect-facts.h"
#include "learn/side-table.h"
#include "lib/escape.h"
#include "lib/term-block.h"

#include <string.h>
#include <unistd.h>

/* Where standard output is no terminal. */
#define WIDTH        120
#define SHOWN_GROUPS 10
#define SHOWN_TASKS  10

/* --- verdicts -------------------------------------------------------------------------------- */

/* A container with what is said of it. */
typedef struct
{
  AakSecurityView view;
  GPtrArray *findings; /* NULL: of no pod, so that no standard is about it */
} Column;

static void
column_free (gpointer data)
{
  Column *column = data;
  g_clear_pointer (&column->findings, g_ptr_array_unref);
  g_free (column);
}

static GPtrArray *
make_columns (const AakInspection *inspection, AakLevel level)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (column_free);
  for (guint i = 0; i < inspection->list->len; i++)
    {
      Column *column = g_new0 (Column, 1);
      column->view = aak_security_view (inspection->list->pdata[i]);
      if (column->view.of->container != NULL)
        column->findings = aak_pod_security_judge (&column->view, level);
      g_ptr_array_add (columns, column);
    }
  return columns;
}

static const char *
verdict_word (AakVerdict verdict)
{
  return verdict == AAK_VERDICT_FAILS ? "FAILS" : aak_verdict_name (verdict);
}

static char *
finding_text (const AakFinding *finding)
{
  return finding->why != NULL
             ? g_strdup_printf ("%s: %s", verdict_word (finding->verdict), finding->why)
             : g_strdup (verdict_word (finding->verdict));
}

/* The controls of @level, a row each, and what they come to. */
static void
add_level (AakSideTable *table, const GPtrArray *columns, const GPtrArray *model, AakLevel level)
{
  aak_side_table_add_row (table, aak_level_name (level));
  for (guint c = 0; c < columns->len; c++)
    {
      const GPtrArray *findings = ((const Column *) columns->pdata[c])->findings;
      aak_side_table_add_cell (table, g_strdup (findings != NULL ? verdict_word (
                                                    aak_pod_security_sum (findings, level))
                                                                 : ""));
    }
  for (guint i = 0; i < model->len; i++)
    {
      const AakControl *control = ((const AakFinding *) model->pdata[i])->control;
      g_autofree char *name = g_strconcat ("  ", control->id, NULL);
      if (control->level != level)
        continue;
      aak_side_table_add_row (table, name);
      for (guint c = 0; c < columns->len; c++)
        {
          const GPtrArray *findings = ((const Column *) columns->pdata[c])->findings;
          aak_side_table_add_cell (table, findings != NULL ? finding_text (findings->pdata[i])
                                                           : g_strdup (""));
        }
    }
}

static char *
make_table (const GPtrArray *columns, AakLevel level, guint width)
{
  g_autoptr (AakSideTable) table = aak_side_table_new ();
  const GPtrArray *model = NULL;
  for (const AakInspectFact *fact = aak_inspect_facts (); fact->name != NULL; fact++)
    {
      aak_side_table_add_row (table, fact->name);
      for (guint c = 0; c < columns->len; c++)
        aak_side_table_add_cell (table, fact->text (&((const Column *) columns->pdata[c])->view));
    }
  for (guint c = 0; c < columns->len && model == NULL; c++)
    model = ((const Column *) columns->pdata[c])->findings;
  for (guint i = 0; model != NULL && i <= level; i++)
    add_level (table, columns, model, i);
  return aak_side_table_text (table, width);
}

/* --- below the table ------------------------------------------------------------------------- */

static char *
describe (const AakInspected *inspected)
{
  return inspected->container != NULL ? aak_container_describe (inspected->container)
                                      : g_strdup ("no pod");
}

/* What a pod's author has to write. */
static void
add_what_to_set (GString *text, const Column *column)
{
  gboolean any = FALSE;
  for (guint i = 0; column->findings != NULL && i < column->findings->len; i++)
    {
      const AakFinding *finding = column->findings->pdata[i];
      if (finding->verdict != AAK_VERDICT_FAILS)
        continue;
      if (!any)
        {
          g_autofree char *who = describe (column->view.of);
          g_string_append_printf (text, "\n%s: to set\n", who);
        }
      any = TRUE;
      g_string_append_printf (text, "  %-10s  %s\n", aak_level_name (finding->control->level),
                              finding->control->field);
    }
}

static void
add_difference (GString *text, const char *name, char *taken_own, char *taken_first)
{
  g_autofree char *own = taken_own, *first = taken_first;
  if (strcmp (own, first) != 0)
    g_string_append_printf (text, "      %s: %s\n", name, g_strdelimit (own, "\n", ' '));
}

static void
add_group (GString *text, const AakTaskGroup *group, const AakTaskSecurity *first)
{
  const AakTaskSecurity *task = group->task;
  const AakTaskStatus *own = &task->status, *usual = &first->status;
  g_autofree char *comm = aak_escape (task->comm, strlen (task->comm));
  g_string_append_printf (text, "    ");
  for (guint i = 0; i < MIN (group->pids->len, SHOWN_TASKS); i++)
    g_string_append_printf (text, "%s%u", i > 0 ? ", " : "", g_array_index (group->pids, guint, i));
  if (group->pids->len > SHOWN_TASKS)
    g_string_append_printf (text, " and %u more", group->pids->len - SHOWN_TASKS);
  g_string_append_printf (text, " (%s)\n", comm);
  add_difference (text, "AppArmor", aak_inspect_label_text (task), aak_inspect_label_text (first));
  add_difference (text, "seccomp", aak_inspect_seccomp_text (own->seccomp, own->filters),
                  aak_inspect_seccomp_text (usual->seccomp, usual->filters));
  add_difference (text, "no_new_privs", g_strdup (own->no_new_privs ? "1" : "0"),
                  g_strdup (usual->no_new_privs ? "1" : "0"));
  add_difference (text, "uid:gid", g_strdup_printf ("%u:%u", own->uid, own->gid),
                  g_strdup_printf ("%u:%u", usual->uid, usual->gid));
  add_difference (text, "uid_map", g_strdup (task->uid_map != NULL ? task->uid_map : "?"),
                  g_strdup (first->uid_map != NULL ? first->uid_map : "?"));
  add_difference (text, "effective", aak_inspect_set_text (own->sets.effective),
                  aak_inspect_set_text (usual->sets.effective));
  add_difference (text, "permitted", aak_inspect_set_text (own->sets.permitted),
                  aak_inspect_set_text (usual->sets.permitted));
  add_difference (text, "inheritable", aak_inspect_set_text (own->sets.inheritable),
                  aak_inspect_set_text (usual->sets.inheritable));
  add_difference (text, "bounding", aak_inspect_set_text (own->sets.bounding),
                  aak_inspect_set_text (usual->sets.bounding));
  add_difference (text, "ambient", aak_inspect_set_text (own->sets.ambient),
                  aak_inspect_set_text (usual->sets.ambient));
  guint shared = aak_namespaces_shared (&task->namespaces, &first->namespaces);
  for (guint i = 0; i < AAK_NAMESPACE_N; i++)
    if ((shared >> i & 1) == 0 && task->namespaces.inode[i] != 0)
      g_string_append_printf (text, "      namespace: another %s\n", aak_namespace_name (i));
}

/* The tasks that are not as the first one is. */
static void
add_others (GString *text, const AakInspected *inspected)
{
  const GPtrArray *groups = inspected->groups;
  if (groups->len < 2)
    return;
  g_autofree char *who = describe (inspected);
  const AakTaskSecurity *first = ((const AakTaskGroup *) groups->pdata[0])->task;
  g_string_append_printf (text, "\n%s: what differs from task %u\n", who, first->pid);
  for (guint i = 1; i < MIN (groups->len, 1 + SHOWN_GROUPS); i++)
    add_group (text, groups->pdata[i], first);
  if (groups->len > 1 + SHOWN_GROUPS)
    g_string_append_printf (text, "    and %u more kinds of tasks (--json has them)\n",
                            groups->len - 1 - SHOWN_GROUPS);
}

static void
add_unseen (GString *text)
{
  g_string_append_printf (text, "\nPod Security Standards %s. What a node cannot see:",
                          AAK_POD_SECURITY_VERSION);
  for (const AakControl *control = aak_pod_security_unseen (); control->id != NULL; control++)
    g_string_append_printf (text, " %s", control->id);
  g_string_append (text, "; nor, where something is as it should be, whether the pod states it.\n");
}

void
aak_inspect_print_text (AakCli *cli, const AakInspection *inspection, AakLevel level)
{
  g_autoptr (GPtrArray) columns = make_columns (inspection, level);
  guint width = WIDTH, height = 0, lines = 0;
  gboolean terminal = isatty (STDOUT_FILENO) == 1, judged = FALSE;
  if (terminal)
    aak_term_size (STDOUT_FILENO, &width, &height);
  /* A line as wide as the terminal would wrap. */
  g_autofree char *table = make_table (columns, level, terminal ? width - 1 : width);
  g_autoptr (GString) text = g_string_new (table);
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = columns->pdata[i];
      judged |= column->findings != NULL;
      add_others (text, column->view.of);
      add_what_to_set (text, column);
    }
  if (judged)
    add_unseen (text);
  g_autofree char *fitted =
      terminal ? aak_term_block_fit (text->str, width, G_MAXINT, &lines) : g_strdup (text->str);
  aak_cli_out (cli, "%s", fitted);
}
