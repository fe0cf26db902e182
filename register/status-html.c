/* SPDX-License-Identifier: GPL-2.0-or-later
 * A table of profiles as a page that needs nothing beside it. */
#include "config.h"

#include "register/status-html.h"

#include "lib/amount.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/report/page.h"

#include <string.h>

#define SHOWN_OWNERS 20 /* of a profile; what is beyond is counted */

typedef struct
{
  const AakStatus *status;
  const GPtrArray *rows;
} Body;

/* How each state looks, and what it means. */
static const struct
{
  const char *class;
  const char *means;
} states[AAK_STATUS_N] = {
  [AAK_STATUS_LOADED] = { "good", "in the kernel as registered" },
  [AAK_STATUS_DRIFTED] = { "bad", "the kernel holds another content or mode" },
  [AAK_STATUS_MISSING] = { "bad", "registered, and not in the kernel" },
  [AAK_STATUS_WANTED] = { "bad", "a container names it, and nobody registered it" },
  [AAK_STATUS_LEARNING] = { "warn", "loaded by aa-learn: nothing is denied" },
  [AAK_STATUS_FOREIGN] = { "plain", "loaded by somebody else" },
  [AAK_STATUS_ABSENT] = { "bad", "asked for, and nowhere" },
};

/* --- on top ---------------------------------------------------------------------------------- */

static void
write_cards (const AakPage *page, const AakStatus *status)
{
  aak_html_begin (page->html, "dl");
  aak_html_attribute (page->html, "class", "cards");
  for (guint i = 0; i < AAK_STATUS_N; i++)
    {
      gboolean good = i == AAK_STATUS_LOADED;
      g_autofree char *count = g_strdup_printf ("%u", status->counts[i]);
      if (good || status->counts[i] > 0)
        aak_page_card (page, states[i].class, aak_status_state_name ((AakStatusState) i), count,
                       states[i].means);
    }
  g_autofree char *lacking = g_strdup_printf ("%u", status->lacking);
  aak_page_card (page, status->lacking > 0 ? "bad" : "good", "containers without their profile",
                 lacking,
                 status->lacking > 0 ? "they run without it, or cannot start" : "all have it");
  aak_html_end (page->html);
}

static void
write_unseen (const AakPage *page, const AakStatus *status)
{
  g_autofree char *hidden = aak_count (status->hidden, "process");
  g_autofree char *text =
      g_strdup_printf ("The labels of %s could not be read: who wears what may be more.", hidden);
  if (status->hidden > 0)
    aak_page_remark (page, text);
  if (status->blind_spot != NULL)
    aak_page_remark (page, status->blind_spot);
  if (status->log_problem != NULL)
    aak_page_remark (page, status->log_problem);
}

/* --- the profiles ---------------------------------------------------------------------------- */

/* Containers that have tasks under @row, each once, with how many; tasks of no pod come last. */
static void
write_wearers (const AakPage *page, const AakStatusRow *row)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) owners = g_ptr_array_new ();
  for (guint i = 0; i < row->tasks->len; i++)
    {
      const AakContainer *owner = g_array_index (row->tasks, AakStatusTask, i).container;
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, owner));
      if (n == 0)
        g_ptr_array_add (owners, (gpointer) owner);
      g_hash_table_insert (counts, (gpointer) owner, GUINT_TO_POINTER (n + 1));
    }
  for (guint i = 0; i < MIN (owners->len, SHOWN_OWNERS); i++)
    {
      const AakContainer *owner = owners->pdata[i];
      g_autofree char *name =
          owner != NULL ? aak_container_describe (owner) : g_strdup ("of no pod");
      g_autofree char *tasks =
          aak_count (GPOINTER_TO_UINT (g_hash_table_lookup (counts, owner)), "task");
      if (i > 0)
        aak_html_void (page->html, "br");
      aak_html_textf (page->html, "%s: %s", name, tasks);
    }
  if (owners->len > SHOWN_OWNERS)
    aak_html_textf (page->html, " and %u more", owners->len - SHOWN_OWNERS);
}

static void
write_lacking (const AakPage *page, const AakStatusRow *row)
{
  for (guint i = 0; i < MIN (row->lacking->len, SHOWN_OWNERS); i++)
    {
      g_autofree char *name = aak_container_describe (row->lacking->pdata[i]);
      if (i > 0)
        aak_html_void (page->html, "br");
      aak_html_text (page->html, name);
    }
  if (row->lacking->len > SHOWN_OWNERS)
    aak_html_textf (page->html, " and %u more", row->lacking->len - SHOWN_OWNERS);
}

static void
write_row (const AakPage *page, const AakStatusRow *row)
{
  const AakLoaded *loaded = row->loaded;
  g_autofree char *name = aak_escape (row->name, strlen (row->name));
  const char *mode = row->seccomp != NULL ? "seccomp"
                     : loaded != NULL     ? aak_mode_name (loaded->mode)
                                          : "";
  const char *hash = loaded != NULL ? loaded->hash : NULL;
  aak_html_begin (page->html, "tr");
  aak_page_row_name (page, name);
  aak_html_begin (page->html, "td");
  aak_page_badge (page, states[row->state].class, aak_status_state_name (row->state));
  aak_html_end (page->html);
  aak_page_cell (page, NULL, mode);
  aak_page_cell_time (page,
                      loaded != NULL && loaded->changed > 0 ? (guint64) loaded->changed * 1000 : 0);
  aak_html_begin (page->html, "td");
  write_wearers (page, row);
  aak_html_end (page->html);
  aak_html_begin (page->html, "td");
  write_lacking (page, row);
  aak_html_end (page->html);
  aak_html_begin (page->html, "td");
  aak_html_element_bytes (page->html, "code", NULL, hash != NULL ? hash : "");
  aak_html_end (page->html);
  aak_html_end (page->html);
}

static void
write_body (const AakPage *page, gpointer user_data)
{
  static const AakPageColumn columns[] = {
    { "Profile", "rule" },  { "State", "words" },     { "Mode", "words" }, { "Since", "time" },
    { "Worn by", "words" }, { "Lacked by", "words" }, { "Hash", "words" },
  };
  const Body *body = user_data;
  write_cards (page, body->status);
  write_unseen (page, body->status);
  aak_page_begin_section (page, "profiles", "Profiles");
  if (body->rows->len == 0)
    aak_page_paragraph (page, "There is none to tell of.");
  else
    {
      aak_page_begin_table (page, "Profiles of this node", columns, G_N_ELEMENTS (columns));
      for (guint i = 0; i < body->rows->len; i++)
        write_row (page, body->rows->pdata[i]);
      aak_page_end_table (page);
    }
  aak_page_end (page);
}

GBytes *
aak_status_html (const AakStatus *status, const GPtrArray *rows)
{
  Body body = { status, rows };
  return aak_report_page_around ("Profiles of this node", "aa-register", write_body, &body);
}
