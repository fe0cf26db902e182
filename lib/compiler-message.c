/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The parser's stderr, line by line. */
#include "config.h"

#include "lib/compiler-message.h"

#include "lib/compiler.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <stdlib.h>
#include <string.h>

#define MAX_MESSAGES 200
#define MAX_SAID     (256 * 1024) /* bytes of stderr that are looked at */
#define MAX_LINE     2000
#define MAX_INCLUDE  (4 * 1024 * 1024)

void
aak_compiler_message_free (AakCompilerMessage *message)
{
  g_free (message->file);
  g_free (message->what);
  g_free (message->show);
  g_free (message);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCompilerMessage, aak_compiler_message_free)

AakCompilerMessage *
aak_compiler_message_new (const char *name, const char *what)
{
  AakCompilerMessage *message = g_new0 (AakCompilerMessage, 1);
  message->file = g_strdup (name);
  message->what = g_strdup (what);
  message->show = g_strdup ("");
  return message;
}

/* --- a line ---------------------------------------------------------------------------------- */

/* A line of the parser, as it is. */
typedef struct
{
  char *file; /* NULL: the text itself */
  guint line;
  char *what;
} Raw;

static void
raw_clear (Raw *raw)
{
  g_free (raw->file);
  g_free (raw->what);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Raw, raw_clear)

static char *
fetch (GMatchInfo *match, const char *name)
{
  char *text = g_match_info_fetch_named (match, name);
  return text != NULL ? text : g_strdup ("");
}

/* It comes as one of (parser_lex.l, parser_yacc.y, parser_main.c), where FILE is AAK_COMPILER_TEXT
 * for the text itself:
 *   AppArmor parser error for AAK_COMPILER_TEXT in profile FILE at line N: what
 *   Warning from AAK_COMPILER_TEXT (FILE line N): what
 *   Warning from profile P (AAK_COMPILER_TEXT): what
 *   PROGRAM: what
 *   what */
static void
read_line (const char *line, Raw *out)
{
  static const char *const patterns[] = {
    "^AppArmor parser (?:error|warning)(?: for \\S+)?,?(?: in (?:profile )?(?<file>\\S+))?"
    "(?: at)? line (?<line>[0-9]{1,9}): (?<what>.*)$",
    "^Warning from \\S+ \\((?<file>\\S+) line (?<line>[0-9]{1,9})\\): (?:\\S+apparmor_parser: "
    ")?(?<what>.*)$",
    "^Warning from (?<what>profile .*) \\(" AAK_COMPILER_TEXT "\\)(?<rest>: .*)$",
    "^\\S*apparmor_parser: (?<what>.*)$",
  };
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (patterns[i], G_REGEX_RAW, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;
      if (!g_regex_match (regex, line, 0, &match))
        continue;
      g_autofree char *file = fetch (match, "file"), *number = fetch (match, "line");
      g_autofree char *what = fetch (match, "what"), *rest = fetch (match, "rest");
      if (*file != '\0' && strcmp (file, AAK_COMPILER_TEXT) != 0)
        out->file = g_steal_pointer (&file);
      out->line = (guint) strtoul (number, NULL, 10);
      out->what = g_strconcat (what, rest, NULL);
      return;
    }
  out->what = g_strdup (line + strspn (line, " \t"));
}

/* --- its place ------------------------------------------------------------------------------- */

/* The content of the include @path. A text may include whatever its writer names; only what lies
 * below the base is shown. */
static GBytes *
read_include (const char *base, const char *path)
{
  char *real_base = realpath (base, NULL), *real = realpath (path, NULL);
  gsize len = real_base != NULL ? strlen (real_base) : 0;
  gboolean inside =
      len > 0 && real != NULL && strncmp (real, real_base, len) == 0 && real[len] == '/';
  GBytes *content = inside ? aak_fs_read (real, MAX_INCLUDE, NULL) : NULL;
  free (real_base);
  free (real);
  return content;
}

static AakCompilerMessage *
message_of (const AakMessageSource *source, const Raw *raw)
{
  g_autofree char *file = raw->file != NULL ? aak_escape (raw->file, strlen (raw->file)) : NULL;
  g_autofree char *what = aak_escape (raw->what, strlen (raw->what));
  AakCompilerMessage *message = aak_compiler_message_new (file != NULL ? file : source->name, what);
  g_autoptr (GBytes) text =
      raw->file == NULL ? g_bytes_ref (source->text) : read_include (source->base, raw->file);
  AakPlace place = { .line = raw->line };
  if (text != NULL && aak_message_place (text, raw->line, raw->what, &place))
    {
      g_free (message->show);
      message->show = aak_message_show (text, &place);
    }
  message->line = place.line;
  message->column = place.line > 0 && place.column == 0 ? 1 : place.column;
  return message;
}

static gboolean
is_there (GPtrArray *messages, const AakCompilerMessage *message)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const AakCompilerMessage *other = messages->pdata[i];
      if (other->line == message->line && other->column == message->column
          && strcmp (other->file, message->file) == 0 && strcmp (other->what, message->what) == 0)
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
aak_compiler_messages_parse (const AakMessageSource *source, GBytes *err)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_compiler_message_free);
  gsize len = 0;
  const char *data = g_bytes_get_data (err, &len);
  g_autofree char *all = g_strndup (len > 0 ? data : "", MIN (len, MAX_SAID));
  g_auto (GStrv) lines = g_strsplit (all, "\n", -1);
  for (char **line = lines; *line != NULL && messages->len < MAX_MESSAGES; line++)
    {
      (*line)[MIN (strlen (*line), MAX_LINE)] = '\0';
      if (*g_strchomp (*line) == '\0')
        continue;
      g_auto (Raw) raw = { 0 };
      read_line (*line, &raw);
      g_autoptr (AakCompilerMessage) message = message_of (source, &raw);
      if (!is_there (messages, message))
        g_ptr_array_add (messages, g_steal_pointer (&message));
    }
  return messages;
}

/* --- what becomes of them -------------------------------------------------------------------- */

/* The parser says so of `network unix TYPE,` too, which it compiles to just that where the kernel
 * does not mediate unix sockets finer; only a `unix` rule, of the text or maybe of an include,
 * becomes weaker. */
gboolean
aak_compiler_message_is_moot (const AakCompilerMessage *message, GBytes *text)
{
  if (strstr (message->what, "downgrading extended network unix socket rule to generic") == NULL)
    return FALSE;
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  g_autofree char *copy = g_strndup (len > 0 ? data : "", len);
  return strstr (copy, "include") == NULL
         && !g_regex_match_simple ("^\\s*(?:(?:audit|deny|allow)\\s+)*unix\\b", copy,
                                   G_REGEX_MULTILINE | G_REGEX_RAW, 0);
}

char *
aak_compiler_message_text (const AakCompilerMessage *message)
{
  if (message->line == 0)
    return g_strdup_printf ("%s: %s", message->file, message->what);
  return g_strdup_printf ("%s:%u:%u: %s", message->file, message->line, message->column,
                          message->what);
}

char *
aak_compiler_messages_text (GPtrArray *messages)
{
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < messages->len; i++)
    {
      const AakCompilerMessage *message = messages->pdata[i];
      g_autofree char *text = aak_compiler_message_text (message);
      g_string_append_printf (all, "%s\n%s", text, message->show);
    }
  if (all->len == 0)
    return NULL;
  g_string_truncate (all, all->len - 1);
  return g_string_free (g_steal_pointer (&all), FALSE);
}
