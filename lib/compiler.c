/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Runs apparmor_parser, and makes its messages usable. */
#include "config.h"

#include "lib/compiler.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/include-closure.h"
#include "lib/policy-inflate.h"
#include "lib/spawn.h"

#include <string.h>
#include <unistd.h>

#define MAX_OUTPUT         (64 * 1024 * 1024)
#define VERSION_TIMEOUT_MS 10000
#define DEFAULT_TIMEOUT_S  120

/* No configuration file of the host, no kernel, no cache: the same input gives the same output on
 * every machine. */
static const char *const fixed_options[] = {
  "--config-file=/dev/null", "-Q", "-K", "-j1", "--warn=rule-not-enforced",
  "--warn=rule-downgraded",  NULL
};

/* The text goes in under this name: on plain stdin the parser does not tell which include an error
 * is in. */
#define TEXT_PATH "/proc/self/fd/0"

struct AakCompiler
{
  char *path;
  char *base;
  char *version;
  guint timeout_ms;
};

void
aak_compiler_free (AakCompiler *compiler)
{
  g_free (compiler->path);
  g_free (compiler->base);
  g_free (compiler->version);
  g_free (compiler);
}

const char *
aak_compiler_version (const AakCompiler *compiler)
{
  return compiler->version;
}

const char *
aak_compiler_base (const AakCompiler *compiler)
{
  return compiler->base;
}

void
aak_compiler_set_timeout (AakCompiler *compiler, guint seconds)
{
  compiler->timeout_ms = seconds * 1000;
}

/* --- finding it ------------------------------------------------------------------------------ */

static char *
find_parser (GError **error)
{
  const char *named = g_getenv ("AAKIT_APPARMOR_PARSER");
  if (named != NULL && *named != '\0')
    {
      if (g_path_is_absolute (named) && access (named, X_OK) == 0)
        return g_strdup (named);
      g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                   "AAKIT_APPARMOR_PARSER=%s is no program with an absolute path", named);
      return NULL;
    }
  static const char *const places[] = { "/sbin", "/usr/sbin", "/usr/bin", "/usr/local/sbin", NULL };
  for (int i = 0; places[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (places[i], "apparmor_parser", NULL);
      if (access (path, X_OK) == 0)
        return g_steal_pointer (&path);
    }
  g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
               "apparmor_parser is not installed (Debian and Ubuntu: apt install apparmor)");
  return NULL;
}

/* @bytes up to a NUL as a string; the data of empty bytes is NULL. */
static char *
copy_text (GBytes *bytes)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  return g_strndup (len > 0 ? data : "", len);
}

/* The word after "version" in the first line of `apparmor_parser --version`. */
static char *
ask_version (const char *path, GError **error)
{
  const char *const argv[] = { path, "--version", NULL };
  AakSpawn spawn = { .argv = argv, .max_output = 65536, .timeout_ms = VERSION_TIMEOUT_MS };
  g_autoptr (AakSpawnResult) result = aak_spawn_run (&spawn, error);
  if (result == NULL)
    return NULL;
  g_autofree char *text = copy_text (result->out);
  const char *word = strstr (text, "version ");
  gsize len = word != NULL ? strcspn (word + 8, " \n") : 0;
  if (result->status == 0 && len > 0 && len < 64)
    {
      g_autofree char *version = g_strndup (word + 8, len);
      return aak_escape (version, strlen (version));
    }
  g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER, "%s --version does not tell a version%s", path,
               result->timed_out ? ": it did not end in time" : "");
  return NULL;
}

AakCompiler *
aak_compiler_new (const char *base, GError **error)
{
  g_autofree char *path = find_parser (error);
  g_autofree char *version = path != NULL ? ask_version (path, error) : NULL;
  if (version == NULL)
    return NULL;
  const char *from_environment = g_getenv ("AAKIT_APPARMOR_BASE");
  if (base == NULL && from_environment != NULL && *from_environment != '\0')
    base = from_environment;
  AakCompiler *compiler = g_new0 (AakCompiler, 1);
  compiler->path = g_steal_pointer (&path);
  compiler->version = g_steal_pointer (&version);
  compiler->base = g_canonicalize_filename (base != NULL ? base : "/etc/apparmor.d", NULL);
  compiler->timeout_ms = DEFAULT_TIMEOUT_S * 1000;
  return compiler;
}

/* --- messages -------------------------------------------------------------------------------- */

/* One line of the parser as "FILE:LINE: what" where it names a line, else "NAME: what". It comes as
 * one of (parser_lex.l, parser_yacc.y, parser_main.c), where FILE is TEXT_PATH for the text itself:
 *   AppArmor parser error for TEXT_PATH in profile FILE at line N: what
 *   Warning from TEXT_PATH (FILE line N): what
 *   Warning from profile P (TEXT_PATH): what
 *   what */
static char *
tidy_line (const char *name, const char *line)
{
  static const char *const patterns[] = {
    "^AppArmor parser (?:error|warning)(?: for \\S+)?,?(?: in (?:profile )?(?<file>\\S+))?"
    "(?: at)? line (?<line>[0-9]+): (?<what>.*)$",
    "^Warning from \\S+ \\((?<file>\\S+) line (?<line>[0-9]+)\\): (?:\\S+apparmor_parser: "
    ")?(?<what>.*)$",
    "^Warning from (?<what>profile .*) \\(" TEXT_PATH "\\)(?<file>)(?<line>)(?<rest>: .*)$",
    NULL,
  };
  for (int i = 0; patterns[i] != NULL; i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (patterns[i], G_REGEX_RAW, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;
      if (!g_regex_match (regex, line, 0, &match))
        continue;
      g_autofree char *file = g_match_info_fetch_named (match, "file");
      g_autofree char *number = g_match_info_fetch_named (match, "line");
      g_autofree char *what = g_match_info_fetch_named (match, "what");
      g_autofree char *rest = g_match_info_fetch_named (match, "rest");
      gboolean own = file == NULL || *file == '\0' || strcmp (file, TEXT_PATH) == 0;
      g_autofree char *whole = g_strconcat (what, rest, NULL);
      g_autofree char *text = aak_escape (whole, strlen (whole));
      g_autofree char *where = own ? g_strdup (name) : aak_escape (file, strlen (file));
      return g_strdup_printf ("%s:%s%s %s", where, number, *number != '\0' ? ":" : "", text);
    }
  g_autofree char *text = aak_escape (line, strlen (line));
  return g_strdup_printf ("%s: %s", name, text);
}

/* The parser says so of `network unix TYPE,` too, which it compiles to just that where the kernel
 * does not mediate unix sockets finer; only a `unix` rule, of the text or maybe of an include,
 * becomes weaker. */
static gboolean
is_moot (const char *line, const char *text)
{
  return strstr (line, "downgrading extended network unix socket rule to generic") != NULL
         && !g_regex_match_simple ("^\\s*(?:(?:audit|deny|allow)\\s+)*unix\\b|include", text,
                                   G_REGEX_MULTILINE | G_REGEX_RAW, 0);
}

/* The lines of the parser's stderr, tidied, each once and without those that are moot for the text
 * @profile (NULL: all); NULL where there are none. */
static char *
tidy_messages (const char *name, const char *profile, GBytes *err)
{
  g_autofree char *text = copy_text (err);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 200);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  for (char **line = lines; *line != NULL; line++)
    {
      if (*g_strchomp (*line) == '\0' || (profile != NULL && is_moot (*line, profile)))
        continue;
      char *tidy = tidy_line (name, *line);
      if (g_ptr_array_find_with_equal_func (kept, tidy, g_str_equal, NULL))
        g_free (tidy);
      else
        g_ptr_array_add (kept, tidy);
    }
  if (kept->len == 0)
    return NULL;
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("\n", (char **) kept->pdata);
}

/* --- compiling ------------------------------------------------------------------------------- */

/* Sets the error for a run that gave no policy. */
static void
explain (const AakCompiler *compiler, const AakSpawnResult *result, const char *name,
         GError **error)
{
  g_autofree char *messages = tidy_messages (name, NULL, result->err);
  if (result->timed_out)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser did not end within %u s", name, compiler->timeout_ms / 1000);
  else if (result->flooded)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser printed more than %d MiB", name, MAX_OUTPUT >> 20);
  else if (result->signal != 0)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser was ended by signal %d (%s)", name, result->signal,
                 g_strsignal (result->signal));
  else if (result->status != 0 && messages != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "%s", messages);
  else if (result->status != 0)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser exited with %d without a word", name, result->status);
  else if (messages != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "%s: no profile in it\n%s", name, messages);
  else
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "%s: no profile in it", name);
}

/* apparmor_parser 5.0 compresses for kernels that can load that; every kernel loads it plain, and
 * then hashes what the file says. */
static GBytes *
plain_output (const AakSpawnResult *result, const char *name, GError **error)
{
  GBytes *blob = aak_policy_inflate (result->out, MAX_OUTPUT, error);
  if (blob == NULL)
    g_prefix_error (error, "%s: apparmor_parser's output: ", name);
  return blob;
}

GBytes *
aak_compiler_compile (const AakCompiler *compiler, const AakFeatures *features, const char *name,
                      GBytes *text, char **out_warnings, GError **error)
{
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, compiler->path);
  for (int i = 0; fixed_options[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) fixed_options[i]);
  const char *const more[] = {
    "-M", "/proc/self/fd/3", "-b", compiler->base, "-S", TEXT_PATH, NULL
  };
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    g_ptr_array_add (argv, (gpointer) more[i]);

  const char *flat = aak_features_text (features);
  g_autoptr (GBytes) extra = g_bytes_new_static (flat, strlen (flat));
  AakSpawn spawn = {
    .argv = (const char *const *) argv->pdata,
    .input = text,
    .extra = extra,
    .max_output = MAX_OUTPUT,
    .timeout_ms = compiler->timeout_ms,
  };
  g_autoptr (AakSpawnResult) result = aak_spawn_run (&spawn, error);
  if (result == NULL)
    return NULL;
  if (result->status != 0 || g_bytes_get_size (result->out) == 0)
    {
      explain (compiler, result, shown, error);
      return NULL;
    }
  g_autoptr (GBytes) blob = plain_output (result, shown, error);
  if (blob == NULL)
    return NULL;
  if (out_warnings != NULL)
    {
      g_autofree char *profile = copy_text (text);
      *out_warnings = tidy_messages (shown, profile, result->err);
    }
  return g_steal_pointer (&blob);
}

char *
aak_compiler_digest (const AakCompiler *compiler, const AakFeatures *features, GBytes *text)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  if (!aak_include_closure (compiler->base, text, sum))
    return NULL;
  const char *const parts[] = { compiler->version, aak_features_text (features), NULL };
  for (int i = 0; fixed_options[i] != NULL; i++)
    g_checksum_update (sum, (const guchar *) fixed_options[i],
                       (gssize) strlen (fixed_options[i]) + 1);
  for (int i = 0; parts[i] != NULL; i++)
    g_checksum_update (sum, (const guchar *) parts[i], (gssize) strlen (parts[i]) + 1);
  return g_strconcat ("sha256:", g_checksum_get_string (sum), NULL);
}
