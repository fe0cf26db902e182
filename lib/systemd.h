/* SPDX-License-Identifier: LGPL-2.1-or-later
 * libsystemd, opened where it is needed: few verbs do, and with the libraries that it brings it
 * would take a third of the time that a program takes to start. */
#pragma once

#ifdef HAVE_SYSTEMD
#include <glib.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

/* What is used of it, without the prefix sd_. */
#define AAK_SYSTEMD_FUNCTIONS(each)                                                              \
  each (journal_add_disjunction) each (journal_add_match) each (journal_close)                   \
      each (journal_enumerate_data) each (journal_get_cursor) each (journal_get_data)            \
          each (journal_get_fd) each (journal_get_realtime_usec) each (journal_get_usage)        \
              each (journal_next) each (journal_open) each (journal_open_directory)              \
                  each (journal_open_files) each (journal_previous) each (journal_previous_skip) \
                      each (journal_process) each (journal_restart_data)                         \
                          each (journal_seek_cursor) each (journal_seek_head)                    \
                              each (journal_seek_tail) each (journal_set_data_threshold)         \
                                  each (journal_test_cursor) each (notify) each (watchdog_enabled)

#define AAK_SYSTEMD_MEMBER(name) __typeof__ (sd_##name) *name;

typedef struct
{
  AAK_SYSTEMD_FUNCTIONS (AAK_SYSTEMD_MEMBER)
} AakSystemd;

/* The functions of sd-journal(3) and sd-daemon(3), once aak_systemd_load() returned TRUE. */
extern AakSystemd aak_sd;

/* Opens the library, once for all. NOT_FOUND where it is not there, or lacks a function. Threads
 * may call it. */
gboolean aak_systemd_load (GError **error) G_GNUC_WARN_UNUSED_RESULT;
#endif
