/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register rm: unloads profiles, and forgets their texts and ownership. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/json.h"
#include "lib/store.h"
#include "register/cmd.h"
#include "register/report.h"
#include "register/texts.h"

#include <string.h>

#define LOCK_SECONDS  10
#define SHOWN_WEARERS 10

/* Tasks that wear a removed label become unconfined, and stay so when it is loaded again. */
static gboolean
check_unworn (AakLsm *lsm, const char *name, GError **error)
{
  g_autoptr (GPtrArray) wearers = aak_lsm_wearers (lsm, name, error);
  if (wearers == NULL)
    return FALSE;
  if (wearers->len == 0)
    return TRUE;
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; i < MIN (wearers->len, SHOWN_WEARERS); i++)
    {
      const AakWearer *wearer = wearers->pdata[i];
      g_string_append_printf (list, "%s%u (%s)", i > 0 ? ", " : "", wearer->pid, wearer->comm);
    }
  if (wearers->len > SHOWN_WEARERS)
    g_string_append_printf (list, " and %u more", wearers->len - SHOWN_WEARERS);
  g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
               "profile \"%s\" is worn by %u %s, which would become unconfined for good: pid %s; "
               "nothing was changed "
               "(--force removes it all the same)",
               name, wearers->len, wearers->len == 1 ? "task" : "tasks", list->str);
  return FALSE;
}

/* All names are looked at before any is removed. */
static gboolean
check_names (AakLsm *lsm, const AakStore *store, GPtrArray *actual, char **names, gboolean force,
             GError **error)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *shown = aak_escape (*names, strlen (*names));
      gboolean loaded = aak_lsm_find (actual, *names) != NULL,
               owned = aak_store_owns (store, *names);
      if (!loaded && !owned)
        g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                     "no profile \"%s\" is loaded or registered", shown);
      else if (!owned && !force)
        g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY,
                     "profile \"%s\" is not aakit's own (--force removes it all the same)", shown);
      else if (force || check_unworn (lsm, *names, error))
        continue;
      return FALSE;
    }
  return TRUE;
}

static gboolean
remove_one (AakCli *cli, AakLsm *lsm, AakStore *store, const char *name, GError **error)
{
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return FALSE;
  gboolean loaded = aak_lsm_find (actual, name) != NULL, kept = FALSE;
  if (loaded && !aak_lsm_remove (lsm, name, error))
    return FALSE;
  g_autoptr (GPtrArray) after = aak_lsm_list (lsm, error);
  if (after == NULL)
    return FALSE;
  if (aak_lsm_find (after, name) != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL, "the kernel still holds profile \"%s\"",
                   name);
      return FALSE;
    }
  const AakStoreEntry *entry = aak_store_find (store, name);
  if (entry != NULL && !aak_texts_remove (aak_cli_root (cli), entry, store, &kept, error))
    return FALSE;
  if (kept)
    aak_cli_warn (cli, "/etc/apparmor.d/%s was changed by somebody else and stays",
                  entry->text_name);
  aak_store_drop (store, name);
  return aak_store_write (store, error);
}

static gboolean
remove_all (AakCli *cli, char **names, gboolean force, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_report_open_lsm (cli, error);
  if (lsm == NULL || !aak_lsm_check_privileges (lsm, error))
    return FALSE;
  g_auto (AakFd) lock = aak_store_lock (aak_cli_root (cli), LOCK_SECONDS, error);
  g_autoptr (AakStore) store = lock >= 0 ? aak_store_read (aak_cli_root (cli), error) : NULL;
  g_autoptr (GPtrArray) actual = store != NULL ? aak_lsm_list (lsm, error) : NULL;
  if (actual == NULL || !check_names (lsm, store, actual, names, force, error))
    return FALSE;
  for (char **name = names; *name != NULL; name++)
    if (!remove_one (cli, lsm, store, *name, error))
      return FALSE;
  return TRUE;
}

static void
report (AakCli *cli, char **names)
{
  if (!aak_cli_json (cli))
    {
      for (; *names != NULL; names++)
        aak_cli_out (cli, "removed  %s\n", *names);
      return;
    }
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/rm/1");
  json_builder_set_member_name (json, "removed");
  json_builder_begin_array (json);
  for (; *names != NULL; names++)
    json_builder_add_string_value (json, *names);
  json_builder_end_array (json);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}

int
aak_cmd_rm (AakCli *cli, int argc, char **argv, GError **error)
{
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &force,
      "Remove it although tasks wear it, or it is not aakit's own", NULL },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "NAME...", "  aa-register rm k8s-web", &argc, &argv, error))
    return AAK_EXIT_USAGE;
  if (argc < 2)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "name the profiles to remove");
      return AAK_EXIT_USAGE;
    }
  if (!remove_all (cli, argv + 1, force, error))
    return AAK_EXIT_FAILED;
  report (cli, argv + 1);
  return AAK_EXIT_OK;
}
