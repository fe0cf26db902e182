/* SPDX-License-Identifier: GPL-2.0-or-later
 * Settings with their reasons as JSON. */
#include "config.h"

#include "learn/security-json.h"

static void
add_capability (AakJson *json, const AakCapabilityNeed *need)
{
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "capability", need->name);
  aak_json_add_text (json, "standing", aak_capability_need_word (need));
  aak_json_add_flag (json, "add", aak_capability_need_is_added (need));
  aak_json_add_text (json, "why", need->why);
  aak_json_add_text (json, "allow", need->id);
  aak_json_add_uint (json, "events", need->events);
  aak_json_add_uint (json, "runs", need->runs);
  aak_json_end_object (json);
}

static void
add_setting (AakJson *json, const char *key, const AakSetting *setting)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_object (json);
  aak_json_add_text (json, "verdict", aak_security_verdict_word (setting));
  aak_json_add_text (json, "why", setting->why);
  aak_json_end_object (json);
}

static void
add_written (AakJson *json, const AakSecurityNeeds *needs)
{
  aak_json_set_member_name (json, "written");
  aak_json_begin_array (json);
  for (guint i = 0; i < needs->written->len; i++)
    {
      aak_json_begin_object (json);
      aak_json_add_bytes (json, "directory", needs->written->pdata[i]);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

/* "held" and "uid": null where they are not known, or there are several users. */
static void
add_start (AakJson *json, const AakSecurityNeeds *needs)
{
  g_autoptr (GPtrArray) held = aak_capability_set_names (needs->held);
  if (needs->known)
    aak_json_add_texts (json, "held", held);
  else
    aak_json_add_text (json, "held", NULL);
  if (needs->one_user)
    aak_json_add_uint (json, "uid", needs->uid);
  else
    aak_json_add_text (json, "uid", NULL);
}

void
aak_security_needs_json (AakJson *json, const AakSecurityNeeds *needs)
{
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "container", needs->container);
  aak_json_add_bytes (json, "label", aak_observations_label (needs->observations));
  add_start (json, needs);
  aak_json_set_member_name (json, "capabilities");
  aak_json_begin_array (json);
  for (guint i = 0; i < needs->capabilities->len; i++)
    add_capability (json, needs->capabilities->pdata[i]);
  aak_json_end_array (json);
  add_setting (json, "no_new_privs", &needs->no_new_privs);
  add_setting (json, "non_root", &needs->non_root);
  add_setting (json, "readonly_root", &needs->readonly_root);
  add_written (json, needs);
  aak_json_end_object (json);
}

void
aak_security_json_add (AakJson *json, const char *key, const AakObservations *observations)
{
  g_autoptr (GPtrArray) all = aak_security_needs (observations, NULL);
  aak_json_set_member_name (json, key);
  aak_json_begin_array (json);
  for (guint i = 0; i < all->len; i++)
    aak_security_needs_json (json, all->pdata[i]);
  aak_json_end_array (json);
}
