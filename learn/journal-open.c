/* SPDX-License-Identifier: GPL-2.0-or-later
 * Opening journals. Interface: sd-journal(3). */
#include "config.h"

#include "learn/journal-open.h"

#ifdef HAVE_SYSTEMD

#include "learn/record.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/systemd.h"

#include <string.h>
#include <unistd.h>

#define MISSED_ID "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606" /* "Missed N kernel messages" */

/* All that the kernel wrote, and what journald says that it missed of it. */
static int
add_matches (sd_journal *journal)
{
  int result = aak_sd.journal_add_match (journal, "_TRANSPORT=audit", 0);
  if (result >= 0)
    result = aak_sd.journal_add_match (journal, "_TRANSPORT=kernel", 0);
  if (result >= 0)
    result = aak_sd.journal_add_disjunction (journal);
  if (result >= 0)
    result = aak_sd.journal_add_match (journal, "_TRANSPORT=driver", 0);
  if (result >= 0)
    result = aak_sd.journal_add_match (journal, MISSED_ID, 0);
  return result >= 0 ? aak_sd.journal_set_data_threshold (journal, AAK_RECORD_MAX_LENGTH * 2)
                     : result;
}

/* sd_journal_open() passes over what it may not read, or what is no journal, in silence. */
static gboolean
has_files (sd_journal *journal)
{
  guint64 bytes = 0;
  return aak_sd.journal_get_usage (journal, &bytes) >= 0 && bytes > 0;
}

/* --- the running host ------------------------------------------------------------------------ */

/* Goes behind the last entry. */
static int
seek_end (sd_journal *journal)
{
  int result = aak_sd.journal_seek_tail (journal);
  if (result >= 0)
    result = aak_sd.journal_previous (journal);
  /* sd_journal_next() finds nothing behind the end of what is empty, not even later. */
  return result == 0 ? aak_sd.journal_seek_head (journal) : result;
}

static sd_journal *
refuse_host (sd_journal *journal, GError **error)
{
  gboolean is_root = geteuid () == 0;
  aak_sd.journal_close (journal);
  g_set_error (error, AAK_ERROR, is_root ? AAK_ERROR_NOT_FOUND : AAK_ERROR_PRIVILEGE,
               "no journal of this host can be read%s",
               is_root ? ": does systemd-journald run?"
                       : " (needs the group systemd-journal: run as root)");
  return NULL;
}

sd_journal *
aak_journal_open_live (const char *path, GError **error)
{
  sd_journal *journal = NULL;
  if (!aak_systemd_load (error))
    return NULL;
  int result = path != NULL
                   ? aak_sd.journal_open_directory (&journal, path, 0)
                   : aak_sd.journal_open (&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
  if (result >= 0 && !has_files (journal))
    return refuse_host (journal, error);
  if (result >= 0)
    result = add_matches (journal);
  if (result >= 0)
    result = aak_sd.journal_get_fd (journal);
  if (result >= 0)
    result = seek_end (journal);
  if (result >= 0)
    return journal;
  aak_error_set_errno (error, -result, "cannot open the journal");
  aak_sd.journal_close (journal);
  return NULL;
}

/* --- a directory ----------------------------------------------------------------------------- */

static gboolean
check_file (const char *path, GError **error)
{
  const char *paths[] = { path, NULL };
  sd_journal *journal = NULL;
  int result = aak_sd.journal_open_files (&journal, paths, 0);
  aak_sd.journal_close (journal);
  if (result >= 0)
    return TRUE;
  g_autofree char *shown = aak_escape (path, strlen (path));
  return aak_error_set_errno (
      error, -result, "cannot read the journal file %s (move it away to learn from the others)",
      shown);
}

/* Every journal file in @path, and in its directories (one for each machine), @depth levels down,
 * can be read. */
static gboolean
check_files (const char *path, int depth, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *whole = g_build_filename (path, name, NULL);
      gboolean is_journal =
          g_str_has_suffix (name, ".journal") || g_str_has_suffix (name, ".journal~");
      if (is_journal ? !check_file (whole, error)
                     : depth > 0 && !check_files (whole, depth - 1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_directory (const char *path, gboolean is_root, GError **error)
{
  if (!is_root)
    return check_files (path, 1, error);
  g_autofree char *kept = g_build_filename (path, "var/log/journal", NULL);
  g_autofree char *at_run = g_build_filename (path, "run/log/journal", NULL);
  return check_files (kept, 1, error) && check_files (at_run, 1, error);
}

sd_journal *
aak_journal_open_directory (const char *path, gboolean is_root, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  sd_journal *journal = NULL;
  if (!aak_systemd_load (error) || !check_directory (path, is_root, error))
    return NULL;
  int result = aak_sd.journal_open_directory (&journal, path,
                                              is_root ? SD_JOURNAL_OS_ROOT | SD_JOURNAL_SYSTEM : 0);
  if (result >= 0)
    result = add_matches (journal);
  if (result < 0)
    aak_error_set_errno (error, -result, "cannot open the journal in %s", shown);
  else if (!has_files (journal))
    g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "there is no journal file in %s%s", shown,
                 is_root ? " (var/log/journal, run/log/journal)" : "");
  else
    return journal;
  aak_sd.journal_close (journal);
  return NULL;
}

#endif
