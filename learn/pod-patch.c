/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing a patch. libyaml writes no comments, so that the lines are made here: every name stands
 * in double quotes, escaped as JSON, which YAML reads alike, and comments are ASCII on one line. */
#include "config.h"

#include "learn/pod-patch.h"

#include "learn/kubernetes-version.h"
#include "learn/label.h"
#include "learn/syscall-profile.h"
#include "learn/syscall-result.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "lib/seccomp/name.h"

#include <string.h>

#define MAX_WRITTEN 16 /* directories that are named */

static const char annotation[] = "container.apparmor.security.beta.kubernetes.io/";

/* --- lines ----------------------------------------------------------------------------------- */

static void
append_quoted (GString *out, const char *text)
{
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_json_add_string_value (json, text);
  g_string_append (out, aak_json_text (json));
}

/* @text: UTF-8. YAML 1.1 ends a line, and with it a comment, at U+0085, U+2028 and U+2029 as well.
 */
static void
append_comment (GString *out, const char *text)
{
  g_string_append (out, "# ");
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_isprint (*c))
      g_string_append_c (out, *c);
    else
      g_string_append_printf (out, "\\x%02x", (guint8) *c);
  g_string_append_c (out, '\n');
}

/* "        KEY: VALUE  # WHY" */
static void
append_setting (GString *out, const char *value, const char *why)
{
  g_string_append_printf (out, "        %s  ", value);
  append_comment (out, why);
}

/* A setting that the evidence does not carry is a comment. */
static void
append_judged (GString *out, const char *value, const AakSetting *setting)
{
  static const char *const prefixes[] = { [AAK_SETTING_HOLDS] = "",
                                          [AAK_SETTING_BREAKS] = "",
                                          [AAK_SETTING_UNCERTAIN] = "uncertain: " };
  g_autofree char *why = g_strconcat (prefixes[setting->verdict], setting->why, NULL);
  g_autofree char *line =
      setting->verdict == AAK_SETTING_HOLDS ? g_strdup (value) : g_strconcat ("# ", value, NULL);
  append_setting (out, line, why);
}

/* --- capabilities ---------------------------------------------------------------------------- */

static char *
capability_reason (const AakCapabilityNeed *need)
{
  g_autofree char *events = aak_count (need->events, "event");
  g_autofree char *runs = aak_count (need->runs, "run");
  GString *why = g_string_new (NULL);
  g_string_append_printf (why, "%s, %s", events, runs);
  if (need->standing == AAK_NEED_UNCERTAIN)
    g_string_append_printf (why, "; uncertain: %s", need->why);
  else if (need->standing == AAK_NEED_REVIEW)
    g_string_append_printf (why, "; for review, --allow %s: %s", need->id, need->why);
  else if (need->why != NULL)
    g_string_append_printf (why, "; left out: %s", need->why);
  return g_string_free (why, FALSE);
}

/* The list that is added, and in comments what was used and is not. */
static void
append_used (GString *out, const AakSecurityNeeds *needs)
{
  if (aak_security_needs_added (needs) > 0)
    g_string_append (out, "          add:\n");
  for (guint i = 0; i < needs->capabilities->len; i++)
    {
      const AakCapabilityNeed *need = needs->capabilities->pdata[i];
      g_autofree char *name = aak_capability_need_name (need);
      g_autofree char *why = capability_reason (need);
      g_autofree char *left_out = g_strdup_printf ("- %s: %s", name, why);
      g_string_append (out, "          ");
      if (aak_capability_need_is_added (need))
        g_string_append_printf (out, "- %s  ", name);
      append_comment (out, aak_capability_need_is_added (need) ? why : left_out);
    }
}

static void
append_capabilities (GString *out, const AakSecurityNeeds *needs)
{
  g_autofree char *why = needs->known ? g_strdup_printf ("it held %u, and needs %u",
                                                         aak_capability_set_size (needs->held),
                                                         aak_security_needs_added (needs))
                                      : g_strdup ("what it held is not known");
  append_setting (out, "capabilities:", why);
  g_string_append (out, "          drop: [\"ALL\"]\n");
  append_used (out, needs);
}

/* Only a privileged container, or one that asked for it, holds it. Kubernetes refuses
 * allowPrivilegeEscalation: false beside privileged: true (pkg/apis/core/validation,
 * ValidateSecurityContext). */
static void
append_privileged (GString *out, const AakSecurityNeeds *needs)
{
  guint admin = 0;
  if (needs->known && aak_capability_number ("sys_admin", &admin)
      && (needs->held >> admin & 1) != 0)
    append_setting (out, "privileged: false",
                    "it held sys_admin; one that was privileged loses the node's devices, too, "
                    "which no event tells of");
}

/* --- the rest of a container ----------------------------------------------------------------- */

static void
append_profile (GString *out, const AakSecurityNeeds *needs)
{
  const AakObservations *observations = needs->observations;
  guint64 events = 0;
  for (guint i = 0; i < aak_observations_n_runs (observations); i++)
    events += aak_observations_get_run (observations, i)->events;
  g_autofree char *seen = aak_count (events, "event");
  g_autofree char *runs = aak_count (aak_observations_n_runs (observations), "run");
  g_autofree char *why = g_strdup_printf ("learned from %s in %s", seen, runs);
  append_setting (out, "appArmorProfile:", why);
  g_string_append (out, "          type: Localhost\n          localhostProfile: ");
  append_quoted (out, aak_observations_label (observations));
  g_string_append_c (out, '\n');
}

/* The name of the seccomp profile that was learned for the label of @needs; NULL: no pod can name
 * it. */
static char *
seccomp_name (const AakSecurityNeeds *needs)
{
  g_autofree char *file = aak_label_file_name (aak_observations_label (needs->observations));
  g_autofree char *path = g_strconcat (file, AAK_SECCOMP_SUFFIX, NULL);
  return aak_seccomp_name_of (path, NULL);
}

static void
append_seccomp (GString *out, const AakSecurityNeeds *needs)
{
  gboolean learned = aak_syscall_profile_has_calls (needs->observations);
  g_autofree char *name = learned ? seccomp_name (needs) : NULL;
  if (name != NULL)
    {
      append_setting (out, "seccompProfile:", "learned, too");
      g_string_append (out, "          type: Localhost\n          localhostProfile: ");
      append_quoted (out, name);
      g_string_append_c (out, '\n');
      return;
    }
  append_setting (out, "seccompProfile:",
                  learned ? "learned, but no pod can name a seccomp profile that is called as the "
                            "label is"
                  : needs->filtered
                      ? "no system calls were learned; it ran under a filter, as this is one"
                      : "no system calls were learned; restricted asks for one, and it ran "
                        "without: try it");
  g_string_append (out, "          type: RuntimeDefault\n");
}

/* A user by number: the kubelet refuses one that the image names, since it cannot tell who that is.
 */
static void
append_user (GString *out, const AakSecurityNeeds *needs)
{
  append_judged (out, "runAsNonRoot: true", &needs->non_root);
  if (needs->non_root.verdict != AAK_SETTING_HOLDS || !needs->one_user)
    return;
  g_autofree char *line = g_strdup_printf ("runAsUser: %u", needs->uid);
  append_setting (out, line, "as it was; runAsNonRoot takes no user that the image names by name");
}

static void
append_readonly_root (GString *out, const AakSecurityNeeds *needs)
{
  append_judged (out, "readOnlyRootFilesystem: true", &needs->readonly_root);
  if (needs->readonly_root.verdict == AAK_SETTING_HOLDS)
    return;
  g_string_append (out,
                   "        # It would need an emptyDir at each of these, which hides what the "
                   "image has there:\n");
  for (guint i = 0; i < MIN (needs->written->len, MAX_WRITTEN); i++)
    {
      const char *dir = needs->written->pdata[i];
      g_autofree char *shown = aak_escape (dir, strlen (dir));
      g_autofree char *text = strcmp (dir, "/") == 0
                                  ? g_strdup ("  / (files in it; no volume can be mounted there)")
                                  : g_strconcat ("  ", shown, NULL);
      g_string_append (out, "        ");
      append_comment (out, text);
    }
  if (needs->written->len > MAX_WRITTEN)
    g_string_append_printf (out, "        #   and %u more\n", needs->written->len - MAX_WRITTEN);
}

static void
append_container (GString *out, const AakSecurityNeeds *needs, guint minor)
{
  g_string_append (out, "    - name: ");
  append_quoted (out, needs->container);
  g_string_append (out, "\n      securityContext:\n");
  if (minor >= AAK_KUBERNETES_APPARMOR_FIELD)
    append_profile (out, needs);
  append_seccomp (out, needs);
  append_capabilities (out, needs);
  append_privileged (out, needs);
  append_judged (out, "allowPrivilegeEscalation: false", &needs->no_new_privs);
  append_user (out, needs);
  append_readonly_root (out, needs);
}

/* --- Pod Security ---------------------------------------------------------------------------- */

/* Kubernetes, Pod Security Standards, restricted: all but NET_BIND_SERVICE has to be dropped. */
static char *
refused_capabilities (const AakSecurityNeeds *needs)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < needs->capabilities->len; i++)
    {
      const AakCapabilityNeed *need = needs->capabilities->pdata[i];
      if (!aak_capability_need_is_added (need) || strcmp (need->name, "net_bind_service") == 0)
        continue;
      g_autofree char *name = aak_capability_need_name (need);
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  return names->len > 0 ? g_strdup_printf ("it needs %s", names->str) : NULL;
}

GPtrArray *
aak_pod_patch_objections (const AakSecurityNeeds *needs)
{
  GPtrArray *objections = g_ptr_array_new_with_free_func (g_free);
  char *capabilities = refused_capabilities (needs);
  if (capabilities != NULL)
    g_ptr_array_add (objections, capabilities);
  if (needs->no_new_privs.verdict != AAK_SETTING_HOLDS)
    g_ptr_array_add (objections,
                     g_strdup_printf ("allowPrivilegeEscalation: %s", needs->no_new_privs.why));
  if (needs->non_root.verdict != AAK_SETTING_HOLDS)
    g_ptr_array_add (objections, g_strdup_printf ("runAsNonRoot: %s", needs->non_root.why));
  return objections;
}

static void
append_objections (GString *out, const GPtrArray *containers)
{
  for (guint i = 0; i < containers->len; i++)
    {
      const AakSecurityNeeds *needs = containers->pdata[i];
      g_autoptr (GPtrArray) objections = aak_pod_patch_objections (needs);
      if (objections->len == 0)
        g_string_append_printf (out, "# Pod Security restricted takes container %s.\n",
                                needs->container);
      else
        g_string_append_printf (out, "# Pod Security restricted does not take container %s:\n",
                                needs->container);
      for (guint k = 0; k < objections->len; k++)
        {
          g_autofree char *line = g_strconcat ("  ", objections->pdata[k], NULL);
          append_comment (out, line);
        }
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

static gboolean
check_names (const GPtrArray *containers, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < containers->len; i++)
    {
      const AakSecurityNeeds *needs = containers->pdata[i];
      const char *label = aak_observations_label (needs->observations), *why = NULL;
      g_autofree char *file = aak_label_file_name (label);
      if (!aak_label_is_pod_name (needs->container))
        why = "cannot be the name of a container";
      else if (file == NULL)
        why = "wears a label that no pod can name";
      else if (!g_hash_table_add (names, needs->container))
        why = "is in several labels: name the states of one of them";
      g_autofree char *shown = aak_escape (needs->container, strlen (needs->container));
      if (why != NULL)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "the container '%s' %s", shown, why);
          return FALSE;
        }
    }
  return TRUE;
}

static void
append_annotations (GString *out, const GPtrArray *containers)
{
  g_string_append (out, "metadata:\n  annotations:\n");
  for (guint i = 0; i < containers->len; i++)
    {
      const AakSecurityNeeds *needs = containers->pdata[i];
      g_autofree char *key = g_strconcat (annotation, needs->container, NULL);
      g_autofree char *value =
          g_strconcat ("localhost/", aak_observations_label (needs->observations), NULL);
      g_string_append (out, "    ");
      append_quoted (out, key);
      g_string_append (out, ": ");
      append_quoted (out, value);
      g_string_append (out, "  # learned; a field only from 1.30 on\n");
    }
}

static gboolean
is_init (const AakSecurityNeeds *needs, const char *const *init)
{
  return init != NULL && g_strv_contains (init, needs->container);
}

/* The list @key of those containers that are @wanted: init containers or not. A list without an
 * item is none. */
static void
append_list (GString *out, const char *key, const GPtrArray *containers, const char *const *init,
             gboolean wanted, guint minor)
{
  guint count = 0;
  for (guint i = 0; i < containers->len; i++)
    {
      if (is_init (containers->pdata[i], init) != wanted)
        continue;
      if (count++ == 0)
        g_string_append_printf (out, "  %s:\n", key);
      append_container (out, containers->pdata[i], minor);
    }
}

char *
aak_pod_patch_text (const GPtrArray *containers, const char *const *init, guint minor,
                    GError **error)
{
  if (!check_names (containers, error))
    return NULL;
  GString *out = g_string_new ("# A patch of a pod, from what its containers were seen to do. Each "
                               "line says why.\n");
  g_string_append_printf (out,
                          AAK_POD_PATCH_VERSION
                          "%u%s. Of a workload it goes below spec.template.\n"
                          "# A node cannot tell init containers from others: aa-learn patch "
                          "--init-container NAME.\n",
                          minor, minor >= AAK_KUBERNETES_APPARMOR_FIELD ? " and later" : "");
  append_objections (out, containers);
  if (minor < AAK_KUBERNETES_APPARMOR_FIELD)
    append_annotations (out, containers);
  g_string_append (out, "spec:\n");
  append_list (out, "initContainers", containers, init, TRUE, minor);
  append_list (out, "containers", containers, init, FALSE, minor);
  return g_string_free (out, FALSE);
}
