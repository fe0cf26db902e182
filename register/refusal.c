/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading what runtimes refused from the journal. Interface: sd-journal(3). */
#include "config.h"

#include "register/refusal.h"

#include "lib/systemd.h"
#include "register/service.h"

#include <errno.h>
#include <string.h>

#define SECONDS     120
#define MAX_ENTRIES 5000
#define MAX_MESSAGE (16 * 1024)
#define MAX_PROFILE 4096 /* of a pod's localhostProfile (kubernetes, validation.go) */

void
aak_refusal_clear (AakRefusal *refusal)
{
  g_clear_pointer (&refusal->sandbox, g_free);
  g_clear_pointer (&refusal->container, g_free);
  g_clear_pointer (&refusal->profile, g_free);
}

/* What stands between @before and the first of @ends in @text; NULL where that is nothing. */
static char *
between (const char *text, const char *before, const char *ends)
{
  const char *begin = strstr (text, before);
  gsize len = begin != NULL ? strcspn (begin + strlen (before), ends) : 0;
  return len > 0 ? g_strndup (begin + strlen (before), len) : NULL;
}

gboolean
aak_refusal_parse (const char *message, gsize len, AakRefusal *out)
{
  g_autofree char *text = g_strndup (message, MIN (len, MAX_MESSAGE));
  g_auto (AakRefusal) found = {
    .sandbox = between (text, "CreateContainer within sandbox \\\"", "\\\""),
    .container = between (text, "&ContainerMetadata{Name:", ",}"),
    .profile = between (text, ": apparmor profile not found ", "\""),
  };
  if (found.sandbox == NULL || found.container == NULL || found.profile == NULL
      || strlen (found.profile) > MAX_PROFILE)
    return FALSE;
  *out = found;
  found = (AakRefusal){ 0 };
  return TRUE;
}

#ifdef HAVE_SYSTEMD

static int
compare (gconstpointer a, gconstpointer b)
{
  const AakContainer *x = *(AakContainer *const *) a, *y = *(AakContainer *const *) b;
  int order = strcmp (x->namespace, y->namespace);
  if (order == 0)
    order = strcmp (x->pod, y->pod);
  return order != 0 ? order : strcmp (x->container, y->container);
}

static gboolean
is_there (const GPtrArray *containers, const AakContainer *container)
{
  for (guint i = 0; i < containers->len; i++)
    if (compare (&containers->pdata[i], &container) == 0)
      return TRUE;
  return FALSE;
}

static void
add (GPtrArray *refused, const AakPods *pods, AakRefusal *refusal)
{
  g_autoptr (AakContainer) container = aak_pods_sandbox (pods, refusal->sandbox);
  if (container == NULL)
    return;
  container->container = g_steal_pointer (&refusal->container);
  container->label = g_steal_pointer (&refusal->profile);
  /* The journal is read from its end: of several tries the last one counts. */
  if (!is_there (aak_pods_containers (pods), container) && !is_there (refused, container))
    g_ptr_array_add (refused, g_steal_pointer (&container));
}

static int
add_matches (sd_journal *journal)
{
  int result = aak_sd.journal_add_match (journal, "_UID=0", 0);
  for (guint i = 0; result >= 0 && i < AAK_SERVICE_N_RUNTIMES; i++)
    {
      if (!aak_service_runtimes[i].is_refusing)
        continue;
      g_autofree char *match = g_strconcat ("_SYSTEMD_UNIT=", aak_service_runtimes[i].unit, NULL);
      result = aak_sd.journal_add_match (journal, match, 0);
    }
  return result;
}

/* TRUE where the journal stands at an entry that is young enough. */
static gboolean
step_back (sd_journal *journal, guint64 since)
{
  guint64 time = 0;
  return aak_sd.journal_previous (journal) > 0
         && aak_sd.journal_get_realtime_usec (journal, &time) >= 0 && time >= since;
}

static void
read_entries (sd_journal *journal, const AakPods *pods, GPtrArray *refused)
{
  static const char key[] = "MESSAGE=";
  guint64 since = (guint64) g_get_real_time () - SECONDS * G_USEC_PER_SEC;
  for (guint i = 0; i < MAX_ENTRIES && step_back (journal, since); i++)
    {
      g_auto (AakRefusal) refusal = { 0 };
      const void *data = NULL;
      gsize len = 0;
      if (aak_sd.journal_get_data (journal, "MESSAGE", &data, &len) >= 0 && len > strlen (key)
          && aak_refusal_parse ((const char *) data + strlen (key), len - strlen (key), &refusal))
        add (refused, pods, &refusal);
    }
}

GPtrArray *
aak_refusals_read (const AakPods *pods, char **out_problem)
{
  GPtrArray *refused = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_container_free);
  sd_journal *journal = NULL;
  guint64 bytes = 0;
  g_autoptr (GError) error = NULL;
  if (!aak_systemd_load (&error))
    {
      *out_problem =
          g_strdup_printf ("the runtime's log in the journal cannot be read: %s", error->message);
      return refused;
    }
  int result = aak_sd.journal_open (&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
  if (result >= 0)
    result = add_matches (journal);
  if (result >= 0)
    result = aak_sd.journal_seek_tail (journal);
  /* It opens what it may not read, or nothing at all, in silence. */
  if (result >= 0 && (aak_sd.journal_get_usage (journal, &bytes) < 0 || bytes == 0))
    result = -ENOENT;
  if (result >= 0)
    read_entries (journal, pods, refused);
  else
    *out_problem = g_strdup_printf ("the runtime's log in the journal cannot be read: %s",
                                    g_strerror (-result));
  aak_sd.journal_close (journal);
  g_ptr_array_sort (refused, compare);
  return refused;
}

#else

GPtrArray *
aak_refusals_read (const AakPods *pods, char **out_problem)
{
  (void) pods;
  *out_problem = g_strdup ("the runtime's log cannot be read: built without libsystemd");
  return g_ptr_array_new ();
}

#endif
