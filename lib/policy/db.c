/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Unpacks a policy database and checks that nothing in it points outside. */
#include "config.h"

#include "lib/policy/db.h"

#include "lib/error.h"

#include <string.h>

/* The form of an entry of the table of permissions: one word that means nothing, then those of
 * struct aa_perms (security/apparmor/policy_unpack.c, unpack_perm()). */
#define PERMS_FORM  1
#define PERMS_WORDS 14
enum
{
  WORD_ALLOW = 1,
  WORD_DENY = 2,
  WORD_AUDIT = 8,
  WORD_QUIET = 9,
  WORD_XINDEX = 11,
};
/* From this version of the table on, the second accept table holds flags (unpack_pdb()). */
#define VERSION_WITH_FLAGS 3
#define FLAG_OWNER         1 /* two entries: for the owner, for others */

struct AakPolicyDb
{
  AakPolicyDbKind kind;
  guint32 kabi;
  AakPolicyDfa *dfa; /* NULL: empty */
  AakPerms *perms;   /* NULL: accept words are permissions */
  guint16 n_perms;
  gboolean flags;         /* in the second accept table */
  gboolean pairs;         /* every state of a table without flags has two entries */
  guint32 start;          /* of classes */
  guint32 files;          /* of file names */
  GPtrArray *transitions; /* of char * */
};

void
aak_policy_db_free (AakPolicyDb *db)
{
  g_clear_pointer (&db->dfa, aak_policy_dfa_free);
  g_free (db->perms);
  g_clear_pointer (&db->transitions, g_ptr_array_unref);
  g_free (db);
}

static gboolean
bad (GError **error, const char *why)
{
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_INVALID, why);
  return FALSE;
}

/* --- unpacking ------------------------------------------------------------------------------- */

static gboolean
read_perms (AakPolicyStream *stream, AakPerms *out)
{
  guint32 words[PERMS_WORDS];
  for (guint i = 0; i < PERMS_WORDS; i++)
    if (!aak_policy_stream_u32 (stream, NULL, &words[i]))
      return FALSE;
  *out = (AakPerms){
    .allow = words[WORD_ALLOW],
    .deny = words[WORD_DENY],
    .audit = words[WORD_AUDIT],
    .quiet = words[WORD_QUIET],
    .xindex = words[WORD_XINDEX],
  };
  return (out->allow & out->deny) == 0;
}

/* perms { u32 "version", [ words of an entry ... ] }, u32 "permsv"; not there in older policy, and
 * apparmor_parser 4.1 writes no "permsv" */
static gboolean
read_perms_table (AakPolicyDb *db, AakPolicyStream *stream, GError **error)
{
  guint32 form = 0, version = 0;
  if (!aak_policy_stream_struct (stream, "perms"))
    return TRUE;
  if (!aak_policy_stream_u32 (stream, "version", &form) || form != PERMS_FORM
      || !aak_policy_stream_array (stream, NULL, &db->n_perms))
    return bad (error, "a table of permissions that no kernel known here takes");
  db->perms = g_new0 (AakPerms, MAX (db->n_perms, 1));
  for (guint i = 0; i < db->n_perms; i++)
    if (!read_perms (stream, &db->perms[i]))
      return bad (error, "a damaged table of permissions");
  if (!aak_policy_stream_end (stream, AAK_POLICY_CODE_ARRAYEND)
      || !aak_policy_stream_end (stream, AAK_POLICY_CODE_STRUCTEND))
    return bad (error, "a table of permissions without end");
  db->flags = aak_policy_stream_u32 (stream, "permsv", &version) && version >= VERSION_WITH_FLAGS;
  return TRUE;
}

static gboolean
read_dfa (AakPolicyDb *db, AakPolicyStream *stream, GError **error)
{
  AakPolicySlice tables = { 0 };
  if (!aak_policy_stream_blob (stream, "aadfa", &tables) || tables.len == 0)
    return TRUE;
  gboolean with_accept2 = db->perms == NULL || db->flags;
  db->dfa = aak_policy_dfa_new (tables, with_accept2, error);
  if (db->dfa == NULL)
    return FALSE;
  guint32 states = aak_policy_dfa_states (db->dfa);
  /* The kernel takes either name in either database. */
  if (!aak_policy_stream_u32 (stream, "start", &db->start))
    db->start = AAK_POLICY_DFA_START;
  if (!aak_policy_stream_u32 (stream, "dfa_start", &db->files))
    db->files = AAK_POLICY_DFA_START;
  db->pairs = db->kind == AAK_POLICY_DB_FILES && !with_accept2;
  return (db->start < states && db->files < states)
         || bad (error, "an automaton that starts outside of its states");
}

/* A name of the table of transitions. One with a namespace has a NUL in the place of the second
 * colon. */
static gboolean
read_transition (AakPolicyStream *stream, GPtrArray *transitions)
{
  AakPolicySlice name = { 0 };
  if (!aak_policy_stream_string (stream, NULL, &name))
    return FALSE;
  if (name.len > 0 && g_ascii_isspace (name.data[0]))
    return FALSE;
  g_autofree char *text = g_strndup ((const char *) name.data, name.len);
  char *nul = memchr (name.data, '\0', name.len) != NULL ? text + strlen (text) : NULL;
  if (nul != NULL && (*text != ':' || nul == text + 1))
    return FALSE;
  if (nul != NULL)
    {
      gsize rest = name.len - (gsize) (nul - text) - 1;
      if (memchr (name.data + (nul - text) + 1, '\0', rest) != NULL)
        return FALSE;
      memcpy (text, name.data, name.len);
      *nul = ':';
    }
  g_ptr_array_add (transitions, g_steal_pointer (&text));
  return TRUE;
}

/* xtable { [ string ... ] }; not there where no rule has a named transition */
static gboolean
read_transitions (AakPolicyDb *db, AakPolicyStream *stream, GError **error)
{
  guint16 n = 0;
  db->transitions = g_ptr_array_new_with_free_func (g_free);
  if (!aak_policy_stream_struct (stream, "xtable"))
    return TRUE;
  if (!aak_policy_stream_array (stream, NULL, &n))
    return bad (error, "a damaged table of transitions");
  for (guint i = 0; i < n; i++)
    if (!read_transition (stream, db->transitions))
      return bad (error, "a damaged name of a transition");
  return (aak_policy_stream_end (stream, AAK_POLICY_CODE_ARRAYEND)
          && aak_policy_stream_end (stream, AAK_POLICY_CODE_STRUCTEND))
         || bad (error, "a table of transitions without end");
}

/* --- checking -------------------------------------------------------------------------------- */

static gboolean
transition_exists (const AakPolicyDb *db, guint32 xindex)
{
  return (xindex & AAK_X_TYPE) != AAK_X_TABLE || (xindex & AAK_X_INDEX) < db->transitions->len;
}

/* The entries of @state in the table of permissions: 1, or 2 for owner and others. */
static guint
entries (const AakPolicyDb *db, guint32 state)
{
  if (db->pairs)
    return 2;
  return db->flags && (aak_policy_dfa_accept2 (db->dfa, state) & FLAG_OWNER) != 0 ? 2 : 1;
}

static gboolean
check_perms (const AakPolicyDb *db, GError **error)
{
  for (guint32 state = 0; state < aak_policy_dfa_states (db->dfa); state++)
    {
      guint32 index = aak_policy_dfa_accept (db->dfa, state);
      if (db->perms != NULL && (guint64) index + entries (db, state) > db->n_perms)
        return bad (error, "a state without permissions");
      if (!transition_exists (db, aak_policy_db_perms (db, state, TRUE).xindex)
          || !transition_exists (db, aak_policy_db_perms (db, state, FALSE).xindex))
        return bad (error, "a transition that is not in the table");
    }
  return TRUE;
}

AakPolicyDb *
aak_policy_db_new (AakPolicyStream *stream, AakPolicyDbKind kind, guint32 kabi, GError **error)
{
  g_autoptr (AakPolicyDb) db = g_new0 (AakPolicyDb, 1);
  db->kind = kind;
  db->kabi = kabi;
  if (!read_perms_table (db, stream, error) || !read_dfa (db, stream, error)
      || !read_transitions (db, stream, error))
    return NULL;
  if (db->dfa != NULL && !check_perms (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

/* --- using ----------------------------------------------------------------------------------- */

gboolean
aak_policy_db_is_empty (const AakPolicyDb *db)
{
  return db->dfa == NULL;
}

gboolean
aak_policy_db_has_table (const AakPolicyDb *db)
{
  return db->perms != NULL;
}

guint32
aak_policy_db_states (const AakPolicyDb *db)
{
  return db->dfa != NULL ? aak_policy_dfa_states (db->dfa) : AAK_POLICY_DFA_NOMATCH + 1;
}

guint32
aak_policy_db_start (const AakPolicyDb *db)
{
  return db->dfa != NULL ? db->files : AAK_POLICY_DFA_NOMATCH;
}

guint32
aak_policy_db_class (const AakPolicyDb *db, guint8 class)
{
  return aak_policy_db_match (db, db->start, &class, 1);
}

guint32
aak_policy_db_match (const AakPolicyDb *db, guint32 state, const void *bytes, gsize len)
{
  return db->dfa != NULL ? aak_policy_dfa_match (db->dfa, state, bytes, len)
                         : AAK_POLICY_DFA_NOMATCH;
}

guint32
aak_policy_db_match_left (const AakPolicyDb *db, const void *bytes, gsize len, guint *out_left)
{
  *out_left = 0;
  return db->dfa != NULL ? aak_policy_dfa_match_left (db->dfa, db->files, bytes, len, out_left)
                         : AAK_POLICY_DFA_NOMATCH;
}

guint8
aak_policy_db_byte_class (const AakPolicyDb *db, guint8 c)
{
  return db->dfa != NULL ? aak_policy_dfa_byte_class (db->dfa, c) : 0;
}

AakPerms
aak_policy_db_perms (const AakPolicyDb *db, guint32 state, gboolean owner)
{
  /* A file that no rule matches may still be stat-ed; nothing else is permitted where nothing
   * matches. */
  if (db->dfa == NULL || (state == AAK_POLICY_DFA_NOMATCH && db->kind != AAK_POLICY_DB_FILES))
    return (AakPerms){ 0 };
  guint32 accept = aak_policy_dfa_accept (db->dfa, state);
  if (db->perms != NULL)
    return db->perms[accept + (!owner && entries (db, state) == 2 ? 1 : 0)];
  guint32 accept2 = aak_policy_dfa_accept2 (db->dfa, state);
  return db->kind == AAK_POLICY_DB_FILES ? aak_perms_from_file_accept (accept, accept2, owner)
                                         : aak_perms_from_accept (accept, accept2, db->kabi);
}

const char *
aak_policy_db_transition (const AakPolicyDb *db, guint32 xindex)
{
  return db->transitions->pdata[xindex & AAK_X_INDEX];
}
