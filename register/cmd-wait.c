/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register wait: until profiles are loaded, for what has to come after them. */
#include "config.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "lib/lsm-watch.h"
#include "register/cmd.h"
#include "register/report.h"
#include "register/seccomp-files.h"

#include <poll.h>
#include <string.h>

#define DEFAULT_SECONDS 60
#define MAX_SECONDS     86400
/* Until AppArmor's files are there, nothing can be polled. */
#define OPEN_MS 200
/* A look without being told, for seccomp profiles and should a kernel not tell. */
#define LOOK_MS 1000

typedef struct
{
  gint seconds;
  gboolean any_mode;
} Options;

static gboolean
parse (AakCli *cli, Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "timeout", 0, 0, G_OPTION_ARG_INT, &options->seconds,
      "Give up after so many seconds, with exit code 3 (default: 60)", "SECONDS" },
    { "any-mode", 0, 0, G_OPTION_ARG_NONE, &options->any_mode,
      "A profile that only complains will do", NULL },
    { NULL },
  };
  options->seconds = DEFAULT_SECONDS;
  if (!aak_cli_parse (cli, entries, "NAME...", "  aa-register wait k8s-web k8s-db --timeout 120",
                      argc, argv, error))
    return FALSE;
  const char *why = NULL;
  if (*argc < 2)
    why = "name the profiles to wait for";
  else if (options->seconds < 0 || options->seconds > MAX_SECONDS)
    why = "--timeout takes seconds from 0 to 86400";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

static gboolean
is_there (GPtrArray *actual, const char *name, gboolean any_mode)
{
  const AakLoaded *loaded = aak_lsm_find (actual, name);
  return loaded != NULL
         && (any_mode || loaded->mode == AAK_MODE_ENFORCE || loaded->mode == AAK_MODE_KILL);
}

/* TRUE where the seccomp profile @name is registered and in its place. */
static gboolean
is_placed (const AakStore *store, const char *root, const char *name)
{
  const AakStoreSeccomp *entry = aak_store_find_seccomp (store, name);
  return entry != NULL
         && aak_seccomp_files_look (root, entry->dir, name, entry->sha256) == AAK_PLACE_SAME;
}

/* The names that are not there, as the caller's array; NULL with an error. */
static GPtrArray *
find_missing (AakLsm *lsm, char **names, gboolean any_mode, GError **error)
{
  const char *root = aak_lsm_root (lsm);
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, error);
  if (actual == NULL)
    return NULL;
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  for (; *names != NULL; names++)
    if (!is_there (actual, *names, any_mode))
      g_ptr_array_add (missing, *names);
  /* What the kernel holds is there whatever the store says. */
  g_autoptr (AakStore) store = missing->len > 0 ? aak_store_read (root, error) : NULL;
  if (missing->len > 0 && store == NULL)
    return NULL;
  for (guint i = missing->len; i > 0; i--)
    if (is_placed (store, root, missing->pdata[i - 1]))
      g_ptr_array_remove_index (missing, i - 1);
  return g_steal_pointer (&missing);
}

/* Opens AppArmor as soon as its files are there; NULL with an error at the @deadline, or where
 * AppArmor is off. */
static AakLsm *
open_in_time (AakCli *cli, gint64 deadline, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) local = NULL;
      AakLsm *lsm = aak_report_open_lsm (cli, &local);
      if (lsm != NULL)
        return lsm;
      if (!aak_lsm_may_come (aak_cli_root (cli)) || g_get_monotonic_time () >= deadline)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      g_usleep (OPEN_MS * 1000);
    }
}

/* Sleeps until the policy may have changed, or the @deadline. */
static void
sleep_until_told (AakLsmWatch *watch, gint64 deadline)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000 + 1;
  struct pollfd fd = { .fd = aak_lsm_watch_fd (watch), .events = POLLIN };
  if (poll (&fd, 1, (int) CLAMP (left, 0, LOOK_MS)) > 0 && !aak_lsm_watch_take (watch))
    g_usleep (10000); /* what polls as readable and tells nothing shall not spin */
}

static void
report (AakCli *cli, char **names, GPtrArray *missing)
{
  for (guint i = 0; i < missing->len; i++)
    {
      const char *name = missing->pdata[i];
      g_autofree char *shown = aak_escape (name, strlen (name));
      aak_cli_warn (cli, "profile \"%s\" is not loaded", shown);
    }
  if (missing->len == 0 && !aak_cli_json (cli))
    aak_cli_out (cli, "%u loaded\n", g_strv_length (names));
}

static void
report_json (AakCli *cli, char **names, GPtrArray *missing)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/wait/1");
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  for (; *names != NULL; names++)
    {
      g_autofree char *shown = aak_escape (*names, strlen (*names));
      aak_json_begin_object (json);
      aak_json_add_text (json, "name", shown);
      aak_json_add_flag (json, "loaded", !g_ptr_array_find (missing, *names, NULL));
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

int
aak_cmd_wait (AakCli *cli, int argc, char **argv, GError **error)
{
  Options options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  gint64 deadline = g_get_monotonic_time () + options.seconds * G_USEC_PER_SEC;
  g_autoptr (AakLsm) lsm = open_in_time (cli, deadline, error);
  g_autoptr (AakLsmWatch) watch = lsm != NULL ? aak_lsm_watch_new (lsm, error) : NULL;
  g_autoptr (GPtrArray) missing =
      watch != NULL ? find_missing (lsm, argv + 1, options.any_mode, error) : NULL;
  while (missing != NULL && missing->len > 0 && g_get_monotonic_time () < deadline)
    {
      sleep_until_told (watch, deadline);
      g_ptr_array_unref (missing);
      missing = find_missing (lsm, argv + 1, options.any_mode, error);
    }
  if (missing == NULL)
    return AAK_EXIT_FAILED;
  report (cli, argv + 1, missing);
  if (aak_cli_json (cli))
    report_json (cli, argv + 1, missing);
  return missing->len == 0 ? AAK_EXIT_OK : AAK_EXIT_FINDING;
}
