/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Runs apparmor_parser, and makes its messages usable. */
#include "config.h"

#include "lib/compiler.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/include-closure.h"
#include "lib/policy/inflate.h"
#include "lib/program-id.h"
#include "lib/sha256.h"
#include "lib/spawn.h"

#include <string.h>
#include <unistd.h>

#define MAX_OUTPUT         (64 * 1024 * 1024)
#define MAX_MEMORY         ((guint64) 2 << 30)
#define VERSION_TIMEOUT_MS 10000
#define DEFAULT_TIMEOUT_S  120

/* No configuration file of the host, no kernel, no cache: the same input gives the same output on
 * every machine. */
static const char *const fixed_options[] = {
  "--config-file=/dev/null", "-Q", "-K", "-j1", "--warn=rule-not-enforced",
  "--warn=rule-downgraded",  NULL
};

struct AakCompiler
{
  char *path;
  char *base;
  char *id; /* aak_program_id() */
  char *version;
  AakIncludes *includes; /* what was read of them, for digests */
  GMutex lock;           /* of the settings */
  GHashTable *settings;  /* AakFeatures -> digest, for digests */
  guint timeout_ms;
  int stop_fd; /* 0: none */
};

void
aak_compiler_free (AakCompiler *compiler)
{
  g_free (compiler->path);
  g_free (compiler->base);
  g_free (compiler->id);
  g_free (compiler->version);
  aak_includes_free (compiler->includes);
  g_mutex_clear (&compiler->lock);
  g_hash_table_unref (compiler->settings);
  g_free (compiler);
}

const char *
aak_compiler_version (const AakCompiler *compiler)
{
  return compiler->version;
}

const char *
aak_compiler_id (const AakCompiler *compiler)
{
  return compiler->id;
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

void
aak_compiler_set_stop (AakCompiler *compiler, int fd)
{
  compiler->stop_fd = fd;
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

char *
aak_compiler_choose_base (const char *base)
{
  const char *from_environment = g_getenv ("AAKIT_APPARMOR_BASE");
  if (base == NULL && from_environment != NULL && *from_environment != '\0')
    base = from_environment;
  return g_canonicalize_filename (base != NULL ? base : "/etc/apparmor.d", NULL);
}

AakCompiler *
aak_compiler_new_known (const char *base, const char *known_id, const char *known_version,
                        GError **error)
{
  g_autofree char *path = find_parser (error);
  if (path == NULL)
    return NULL;
  g_autofree char *id = aak_program_id (path);
  g_autofree char *version = g_strcmp0 (id, known_id) == 0 && id != NULL
                                 ? g_strdup (known_version)
                                 : ask_version (path, error);
  if (version == NULL)
    return NULL;
  AakCompiler *compiler = g_new0 (AakCompiler, 1);
  compiler->path = g_steal_pointer (&path);
  compiler->id = g_steal_pointer (&id);
  compiler->version = g_steal_pointer (&version);
  compiler->base = aak_compiler_choose_base (base);
  compiler->includes = aak_includes_new (compiler->base);
  g_mutex_init (&compiler->lock);
  compiler->settings = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  compiler->timeout_ms = DEFAULT_TIMEOUT_S * 1000;
  return compiler;
}

AakCompiler *
aak_compiler_new (const char *base, GError **error)
{
  return aak_compiler_new_known (base, NULL, NULL, error);
}

/* --- compiling ------------------------------------------------------------------------------- */

/* Sets the error for a run that gave no policy. */
static void
explain (const AakCompiler *compiler, const AakSpawnResult *result, const char *name,
         GPtrArray *messages, GError **error)
{
  g_autofree char *said = aak_compiler_messages_text (messages);
  if (result->stopped)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER, "%s: apparmor_parser was stopped", name);
  else if (result->timed_out)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser did not end within %u s", name, compiler->timeout_ms / 1000);
  else if (result->flooded)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser printed more than %d MiB", name, MAX_OUTPUT >> 20);
  else if (result->signal != 0)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser was ended by signal %d (%s)%s%s", name, result->signal,
                 g_strsignal (result->signal), said != NULL ? "\n" : "", said != NULL ? said : "");
  else if (result->status != 0 && said != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "%s", said);
  else if (result->status != 0)
    g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                 "%s: apparmor_parser exited with %d without a word", name, result->status);
  else if (said != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY, "%s: no profile in it\n%s", name, said);
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

/* Runs the parser on @text. */
static AakSpawnResult *
run_parser (const AakCompiler *compiler, const AakFeatures *features, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, compiler->path);
  for (int i = 0; fixed_options[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) fixed_options[i]);
  const char *const more[] = { "-M", "/proc/self/fd/3", "-b", compiler->base,
                               "-S", AAK_COMPILER_TEXT, NULL };
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    g_ptr_array_add (argv, (gpointer) more[i]);

  const char *flat = aak_features_text (features);
  g_autoptr (GBytes) extra = g_bytes_new_static (flat, strlen (flat));
  AakSpawn spawn = {
    .argv = (const char *const *) argv->pdata,
    .input = text,
    .extra = extra,
    .max_output = MAX_OUTPUT,
    .max_memory = MAX_MEMORY,
    .timeout_ms = compiler->timeout_ms,
    .stop_fd = compiler->stop_fd,
  };
  return aak_spawn_run (&spawn, error);
}

/* Takes what is moot for @text out of @messages. */
static void
drop_moot (GPtrArray *messages, GBytes *text)
{
  for (guint i = messages->len; i > 0; i--)
    if (aak_compiler_message_is_moot (messages->pdata[i - 1], text))
      g_ptr_array_remove_index (messages, i - 1);
}

GBytes *
aak_compiler_compile_told (const AakCompiler *compiler, const AakFeatures *features,
                           const char *name, GBytes *text, GPtrArray **out_messages, GError **error)
{
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_autoptr (AakSpawnResult) result = run_parser (compiler, features, text, error);
  if (result == NULL)
    {
      g_prefix_error (error, "%s: ", shown);
      *out_messages = NULL;
      return NULL;
    }
  AakMessageSource source = { .name = shown, .text = text, .base = compiler->base };
  g_autoptr (GPtrArray) messages = aak_compiler_messages_parse (&source, result->err);
  GBytes *blob = NULL;
  if (result->status != 0 || g_bytes_get_size (result->out) == 0)
    explain (compiler, result, shown, messages, error);
  else
    {
      drop_moot (messages, text);
      blob = plain_output (result, shown, error);
    }
  *out_messages = g_steal_pointer (&messages);
  return blob;
}

GBytes *
aak_compiler_compile (const AakCompiler *compiler, const AakFeatures *features, const char *name,
                      GBytes *text, char **out_warnings, GError **error)
{
  g_autoptr (GPtrArray) messages = NULL;
  GBytes *blob = aak_compiler_compile_told (compiler, features, name, text, &messages, error);
  if (blob == NULL || out_warnings == NULL)
    return blob;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < messages->len; i++)
    g_ptr_array_add (lines, aak_compiler_message_text (messages->pdata[i]));
  g_ptr_array_add (lines, NULL);
  *out_warnings = messages->len > 0 ? g_strjoinv ("\n", (char **) lines->pdata) : NULL;
  return blob;
}

/* What all compilations for @features have in common, as a digest. */
static const char *
settings_of (AakCompiler *compiler, const AakFeatures *features)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&compiler->lock);
  const char *known = g_hash_table_lookup (compiler->settings, features);
  if (known != NULL)
    return known;
  AakSha256 sum;
  aak_sha256_begin (&sum);
  aak_sha256_feed_text (&sum, compiler->id != NULL ? compiler->id : "");
  aak_sha256_feed_text (&sum, compiler->version);
  for (int i = 0; fixed_options[i] != NULL; i++)
    aak_sha256_feed_text (&sum, fixed_options[i]);
  aak_sha256_feed_text (&sum, aak_features_text (features));
  char *settings = aak_sha256_end (&sum);
  g_hash_table_insert (compiler->settings, (gpointer) features, settings);
  return settings;
}

char *
aak_compiler_digest (AakCompiler *compiler, const AakFeatures *features, GBytes *text,
                     const char *source)
{
  g_autofree char *included = aak_includes_digest (compiler->includes, text);
  if (included == NULL)
    return NULL;
  AakSha256 sum;
  aak_sha256_begin (&sum);
  aak_sha256_feed_text (&sum, source);
  aak_sha256_feed_text (&sum, included);
  aak_sha256_feed_text (&sum, settings_of (compiler, features));
  g_autofree char *hex = aak_sha256_end (&sum);
  return g_strconcat ("sha256:", hex, NULL);
}
