/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table profiles/sensitive.yaml, which describes its format. */
#pragma once

#include <glib.h>

#define AAK_SENSITIVE_MAX 4096 /* entries */

/* One kind of sensitive access. The lists are NULL-terminated, and empty where the entry has none.
 */
typedef struct
{
  char *id;            /* "runtime-socket" */
  char *why;           /* one line */
  char *silenced;      /* why the site does not want to look at it, one line, or NULL */
  char **paths;        /* fnmatch() patterns, a star crosses slashes */
  char **written;      /* the same, for what changes the file */
  char **capabilities; /* "sys_admin" */
  char **families;     /* "packet" */
  char **sockets;      /* fnmatch() patterns for the address of a unix socket's other end */
  char **io_uring;     /* "override_creds" */
  char **destinations; /* the same for names on the system bus that messages are sent to */
  char **classes;      /* "mount": all of a class */
  char **syscalls;     /* "keyctl" */
  guint ptrace;        /* AakPerm bits */
  gboolean eavesdrop;  /* on a bus */
} AakSensitive;

/* Reads a table: an array of AakSensitive that the caller owns. INVALID with "NAME:LINE:COL: why",
 * or NEWER_SCHEMA. */
GPtrArray *aak_sensitive_table_read (const char *name, GBytes *text,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds what a site says, a document of the same schema, to @table, one of
 * aak_sensitive_table_read(): entries of its own, entries in the place of those with the same id,
 * and under `silenced` the ids of entries that are not to be looked at, each with a reason. Errors
 * as above; @table is as it was then. */
gboolean aak_sensitive_table_extend (GPtrArray *table, const char *name, GBytes *text,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The table that the program carries in itself, with what the site says, where
 * aak_sensitive_site_load() was called; read once, by whichever thread is the first. */
const GPtrArray *aak_sensitive_table (void);

/* Takes @table, from aak_sensitive_table_read(), in the place of that. To be called before anybody
 * asks for it. */
void aak_sensitive_table_use (GPtrArray *table);

/* The entries of the program alone; the caller owns them. */
GPtrArray *aak_sensitive_table_shipped (void);

/* The entry of @table with this id, or NULL. */
const AakSensitive *aak_sensitive_table_find (const GPtrArray *table, const char *id);
