/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading policy text and what it includes, as apparmor_parser does. */
#include "config.h"

#include "lib/policy/text.h"

#include "lib/error.h"
#include "lib/policy/text-parts.h"
#include "lib/policy/word.h"

#include <stdio.h>
#include <string.h>

/* Beyond these the text counts as not read. */
#define MAX_DEPTH    16 /* of bodies in each other */
#define MAX_INCLUDES 32 /* of files in each other */
#define MAX_BYTES    (64u << 20)
#define MAX_RULES    400000

/* A body that is open. */
typedef struct
{
  AakPolicyTextProfile *profile; /* NULL: rules in it are in no profile */
  gsize header, header_size;     /* of a group: its words */
  gboolean condition;
} Body;

typedef struct
{
  AakPolicyText *text;
  AakPolicyIncludes *includes;
  Body bodies[MAX_DEPTH];
  guint depth;
  gsize bytes; /* read so far */
  guint rules;
} Reader;

/* The file that is being read. */
typedef struct
{
  AakPolicyLexer lexer;
  const AakPolicySource *source;
  AakPolicyPlace via; /* the include in the text itself; its source is NULL in the text itself */
  gboolean optional;
  guint depth; /* of includes */
  guint body;  /* how many bodies were open at its start */
} File;

static gboolean read_file (Reader *r, File *file);

static AakPolicyPlace
place_of (const File *file, gsize at, gsize size)
{
  return (AakPolicyPlace){ file->source, at, size };
}

static AakPolicyPlace
own_place (const File *file, AakPolicyPlace place)
{
  return file->via.source != NULL ? file->via : place;
}

static const Body *
top (const Reader *r)
{
  return r->depth > 0 ? &r->bodies[r->depth - 1] : NULL;
}

/* What is read now can no more be told in whole. */
static void
mark_partial (Reader *r)
{
  r->text->whole = FALSE;
  for (guint i = 0; i < r->depth; i++)
    if (r->bodies[i].profile != NULL)
      r->bodies[i].profile->whole = FALSE;
}

/* --- bodies ---------------------------------------------------------------------------------- */

static gboolean
open_body (Reader *r, const File *file, const AakStatement *header)
{
  if (r->depth == MAX_DEPTH)
    return FALSE;
  const Body *outer = top (r);
  AakPolicyTextProfile *parent = outer != NULL ? outer->profile : NULL;
  Body *body = &r->bodies[r->depth];
  *body = (Body){ parent, header->start, header->end - header->start,
                  outer != NULL && outer->condition };
  if (header->kind == AAK_STATEMENT_GROUP)
    {
      const char *words = file->lexer.text + header->start;
      body->condition =
          body->condition || g_str_has_prefix (words, "if") || g_str_has_prefix (words, "else");
    }
  else
    {
      body->profile = aak_policy_text_profile_new (&file->lexer, header, parent);
      body->profile->place = place_of (file, header->name_at, header->name_size);
      body->profile->own = own_place (file, body->profile->place);
      body->profile->included = file->via.source != NULL;
      body->header_size = 0;
      g_ptr_array_add (r->text->profiles, body->profile);
    }
  r->depth++;
  return TRUE;
}

/* --- rules ----------------------------------------------------------------------------------- */

/* Qualifiers of the groups that the rule is in. */
static void
qualify (const Reader *r, const File *file, AakPolicyRule *rule)
{
  for (guint i = file->body; i < r->depth; i++)
    if (r->bodies[i].header_size > 0 && !r->bodies[i].condition)
      aak_policy_rule_qualify (rule, file->lexer.text + r->bodies[i].header,
                               r->bodies[i].header_size);
  for (guint i = 0; i < file->body; i++)
    rule->odd = rule->odd || (r->bodies[i].header_size > 0 && !r->bodies[i].condition);
}

static gboolean
add_rule (Reader *r, const File *file, const AakStatement *statement)
{
  AakPolicyRule *rule = aak_policy_rule_new (&file->lexer, statement, NULL);
  if (rule == NULL || ++r->rules > MAX_RULES)
    {
      g_clear_pointer (&rule, aak_policy_rule_free);
      return FALSE;
    }
  const Body *body = top (r);
  AakPolicyText *text = r->text;
  text->has_abi = text->has_abi || rule->class == AAK_POLICY_RULE_ABI;
  text->has_alias = text->has_alias || rule->class == AAK_POLICY_RULE_ALIAS;
  if (body == NULL || body->profile == NULL)
    {
      aak_policy_rule_free (rule);
      return TRUE;
    }
  qualify (r, file, rule);
  AakPolicyPlace place = place_of (file, statement->start, statement->end - statement->start);
  AakPolicyTextRule *added = g_new0 (AakPolicyTextRule, 1);
  *added = (AakPolicyTextRule){ rule, place, own_place (file, place), file->via.source != NULL,
                                file->optional || body->condition };
  g_ptr_array_add (body->profile->rules, added);
  return TRUE;
}

/* --- includes -------------------------------------------------------------------------------- */

static gboolean
include_file (Reader *r, const File *file, const AakPolicySource *source, AakPolicyPlace via,
              gboolean optional)
{
  gsize len = 0;
  const char *bytes = g_bytes_get_data (source->text, &len);
  r->bytes += len;
  if (file->depth == MAX_INCLUDES || r->bytes > MAX_BYTES)
    return FALSE;
  const Body *body = top (r);
  File included = { .lexer = { "", bytes != NULL ? bytes : "", len, 0 },
                    .source = source,
                    .via = via,
                    .optional = optional || file->optional || (body != NULL && body->condition),
                    .depth = file->depth + 1,
                    .body = r->depth };
  gboolean ok = read_file (r, &included) && r->depth == included.body;
  r->depth = included.body;
  return ok;
}

/* @name: where the name of the file begins. */
static void
follow_include (Reader *r, const File *file, const AakStatement *statement, gsize name)
{
  const char *text = file->lexer.text;
  g_autofree char *target = g_strndup (text + name, statement->end - name);
  g_autofree char *words = g_strndup (text + statement->start, name - statement->start);
  gboolean optional = strstr (words, "exists") != NULL;
  AakPolicyPlace via =
      own_place (file, place_of (file, statement->start, statement->end - statement->start));
  g_autoptr (GPtrArray) found = aak_policy_includes_find (r->includes, target);
  gboolean ok = found != NULL && (found->len > 0 || optional);
  for (guint i = 0; ok && i < found->len; i++)
    ok = include_file (r, file, found->pdata[i], via, optional);
  if (!ok)
    mark_partial (r);
}

/* --- statements ------------------------------------------------------------------------------ */

static void
note_comment (Reader *r, const File *file, const AakStatement *statement)
{
  AakPolicyPlace place = place_of (file, statement->start, statement->end - statement->start);
  if (file->via.source == NULL)
    g_array_append_val (r->text->comments, place);
}

static gboolean
take_rule (Reader *r, const File *file, const AakStatement *statement)
{
  gsize name = aak_policy_word_include (&file->lexer, statement->start), values = 0;
  AakPolicyPlace place = place_of (file, statement->start, statement->end - statement->start);
  if (name != 0)
    {
      follow_include (r, file, statement, name);
      return TRUE;
    }
  gboolean assigns = aak_policy_word_assigns (&file->lexer, statement->start, &values);
  AakPolicyPlace used = assigns ? place_of (file, values, statement->end - values) : place;
  aak_policy_text_note_uses (r->text, used, own_place (file, used));
  if (!assigns)
    return add_rule (r, file, statement);
  aak_policy_text_assign (r->text, &file->lexer, place, values, file->via.source != NULL);
  return TRUE;
}

/* FALSE where reading cannot go on. */
static gboolean
take (Reader *r, const File *file, const AakStatement *statement)
{
  AakPolicyPlace place = place_of (file, statement->start, statement->end - statement->start);
  switch (statement->kind)
    {
    case AAK_STATEMENT_END:
      return r->depth == file->body;
    case AAK_STATEMENT_COMMENT:
      note_comment (r, file, statement);
      return TRUE;
    case AAK_STATEMENT_CLOSE:
      if (r->depth == file->body)
        return FALSE;
      r->depth--;
      return TRUE;
    case AAK_STATEMENT_RULE:
      return take_rule (r, file, statement);
    case AAK_STATEMENT_PROFILE:
    case AAK_STATEMENT_HAT:
    case AAK_STATEMENT_GROUP:
      aak_policy_text_note_uses (r->text, place, own_place (file, place));
      return open_body (r, file, statement);
    }
  return FALSE;
}

/* Notes where and why reading the text itself ended. */
static void
stop (Reader *r, const File *file, gsize at, const GError *error)
{
  guint line = 1, column = 1;
  int skip = 0;
  const char *why =
      "a body that begins here has no end, a } has no beginning, or there is more than is "
      "supported";
  if (file->via.source != NULL)
    return;
  r->text->stop = place_of (file, at, 0);
  if (error != NULL && sscanf (error->message, ":%u:%u: %n", &line, &column, &skip) == 2
      && skip > 0)
    {
      gsize size = 0;
      why = error->message + skip;
      r->text->stop.at = aak_policy_source_line (file->source, line, &size) + column - 1;
    }
  r->text->stopped = g_strdup (why);
}

static gboolean
read_file (Reader *r, File *file)
{
  AakStatement statement = { 0 };
  do
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = aak_policy_lexer_next (&file->lexer, &statement, &error);
      if (!ok || !take (r, file, &statement))
        {
          const Body *open = statement.kind == AAK_STATEMENT_END ? top (r) : NULL;
          stop (r, file, open != NULL ? open->header : statement.start, error);
          mark_partial (r);
          return FALSE;
        }
    }
  while (statement.kind != AAK_STATEMENT_END);
  return TRUE;
}

AakPolicyText *
aak_policy_text_new (const char *path, GBytes *bytes, AakPolicyIncludes *includes)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  AakPolicyText *text = aak_policy_text_empty (aak_policy_source_new (path, bytes));
  Reader r = { .text = text, .includes = includes, .bytes = len };
  File file = { .lexer = { "", data != NULL ? data : "", len, 0 }, .source = text->source };
  if (!read_file (&r, &file))
    text->whole = FALSE;
  return text;
}
