/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From JSON to rules. The runtimes pass over fields that they do not know, and over the case of
 * letters in those that they do: here each has to be one that all of them read alike. */
#include "config.h"

#include "lib/seccomp/profile.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/seccomp/words.h"

#include <jansson.h>
#include <seccomp.h>
#include <string.h>

/* What a filter can return as errno, and to a tracer: linux/seccomp.h, kernel/seccomp.c. */
#define MAX_ERRNO    4095
#define MAX_TRACE    0xffff
#define MAX_NAME     64
#define MAX_LISTENER 108 /* sun_path of sockaddr_un */

/* The errno of an action that names none: the specification says EPERM. */
#define DEFAULT_ERRNO 1

/* What is read, for messages. */
typedef struct
{
  const char *what;
  const char *where; /* "syscalls[3]", or "" for the profile itself */
  guint names;       /* so far, in all rules */
} Reader;

static void
rule_free (AakSeccompRule *rule)
{
  g_ptr_array_unref (rule->names);
  g_array_unref (rule->args);
  g_free (rule);
}

void
aak_seccomp_profile_free (AakSeccompProfile *profile)
{
  g_ptr_array_unref (profile->architectures);
  g_ptr_array_unref (profile->flags);
  g_ptr_array_unref (profile->rules);
  g_free (profile->listener);
  g_free (profile);
}

/* "web.json: syscalls[3].args[0].op"; the caller frees it. */
static char *
place_of (const Reader *reader, const char *key)
{
  gboolean inner = *reader->where != '\0';
  return g_strconcat (reader->what, inner || *key != '\0' ? ": " : "", reader->where,
                      inner && *key != '\0' ? "." : "", key, NULL);
}

static gboolean G_GNUC_PRINTF (4, 5)
    fail (const Reader *reader, const char *key, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *why = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *place = place_of (reader, key);
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: %s", place, why);
  return FALSE;
}

static gboolean
fail_size (const Reader *reader, const char *key, guint most, GError **error)
{
  g_autofree char *place = place_of (reader, key);
  g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: more than %u", place, most);
  return FALSE;
}

/* --- fields ---------------------------------------------------------------------------------- */

/* What only Docker and CRI-O read: with containerd, what these guard is not guarded. */
static gboolean
is_dockers (const char *key)
{
  static const char *const keys[] = { "archMap", "comment", "excludes", "includes", "name", NULL };
  return g_strv_contains (keys, key);
}

/* FALSE with an error where @object is none, or has a field that is not among @known. */
static gboolean
check_fields (const Reader *reader, json_t *object, const char *const *known, GError **error)
{
  gsize count = 0;
  if (!json_is_object (object))
    return fail (reader, "", error, "not an object");
  for (const char *const *key = known; *key != NULL; key++)
    count += json_object_get (object, *key) != NULL;
  if (count == json_object_size (object))
    return TRUE;
  for (const char *const *key = known; *key != NULL; key++)
    json_object_del (object, *key);
  const char *other = json_object_iter_key (json_object_iter (object));
  g_autofree char *shown = aak_escape (other, strlen (other));
  return fail (reader, shown, error, "%s",
               is_dockers (other) ? "a field of Docker's own form: containerd passes over it"
                                  : "an unknown field: runtimes pass over it");
}

/* The value under @key; NULL where there is none, or null. */
static json_t *
find (json_t *object, const char *key)
{
  json_t *value = json_object_get (object, key);
  return json_is_null (value) ? NULL : value;
}

/* The text under @key, without a NUL in it, or NULL with an error. */
static const char *
get_text (const Reader *reader, json_t *object, const char *key, GError **error)
{
  json_t *value = find (object, key);
  if (json_is_string (value) && strlen (json_string_value (value)) == json_string_length (value))
    return json_string_value (value);
  fail (reader, key, error, value == NULL ? "is missing" : "not a text");
  return NULL;
}

/* The number under @key, from 0 to @most; @out stays as it is where there is none. */
static gboolean
find_number (const Reader *reader, json_t *object, const char *key, guint64 most, guint64 *out,
             GError **error)
{
  json_t *value = find (object, key);
  if (value == NULL)
    return TRUE;
  if (!json_is_integer (value) || json_integer_value (value) < 0
      || (guint64) json_integer_value (value) > most)
    return fail (reader, key, error, "not a number from 0 to %" G_GUINT64_FORMAT, most);
  *out = (guint64) json_integer_value (value);
  return TRUE;
}

/* The list under @key, of at most @most items; NULL in @out where there is none. */
static gboolean
find_list (const Reader *reader, json_t *object, const char *key, guint most, json_t **out,
           GError **error)
{
  *out = find (object, key);
  if (*out == NULL)
    return TRUE;
  if (!json_is_array (*out))
    return fail (reader, key, error, "not a list");
  return json_array_size (*out) <= most || fail_size (reader, key, most, error);
}

typedef gboolean (*IsWord) (const char *word);

/* The texts under @key that @is_word takes, into @out. */
static gboolean
read_words (const Reader *reader, json_t *object, const char *key, guint most, IsWord is_word,
            GPtrArray *out, GError **error)
{
  json_t *list = NULL;
  if (!find_list (reader, object, key, most, &list, error))
    return FALSE;
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      const char *word = json_string_value (json_array_get (list, i));
      g_autofree char *shown = word != NULL ? aak_escape (word, strlen (word)) : NULL;
      if (word == NULL)
        return fail (reader, key, error, "not a text");
      if (!is_word (word))
        return fail (reader, key, error, "unknown: \"%.*s\"", MAX_NAME, shown);
      g_ptr_array_add (out, g_strdup (word));
    }
  return TRUE;
}

/* The action under @action_key, with the number under @number_key. */
static gboolean
read_action (const Reader *reader, json_t *object, const char *action_key, const char *number_key,
             guint32 *out, GError **error)
{
  const char *text = get_text (reader, object, action_key, error);
  if (text == NULL)
    return FALSE;
  const AakSeccompWord *action = aak_seccomp_action (text);
  g_autofree char *shown = aak_escape (text, strlen (text));
  if (action == NULL)
    return fail (reader, action_key, error, "unknown: \"%.*s\"", MAX_NAME, shown);
  gboolean has_number = aak_seccomp_action_has_number (action->value);
  guint64 number = has_number ? DEFAULT_ERRNO : 0;
  guint64 most = action->value == SCMP_ACT_TRACE (0) ? MAX_TRACE : MAX_ERRNO;
  if (!find_number (reader, object, number_key, most, &number, error))
    return FALSE;
  if (!has_number && find (object, number_key) != NULL)
    return fail (reader, number_key, error, "%s carries no number", text);
  *out = action->value | (guint32) number;
  return TRUE;
}

/* --- rules ----------------------------------------------------------------------------------- */

static gboolean
is_name (const char *name)
{
  gsize len = strlen (name);
  return len > 0 && len <= MAX_NAME
         && strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_") == len;
}

static gboolean
read_arg (const Reader *reader, json_t *object, AakSeccompRule *rule, GError **error)
{
  static const char *const known[] = { "index", "value", "valueTwo", "op", NULL };
  AakSeccompArg arg = { 0 };
  guint64 index = G_MAXUINT64;
  if (!check_fields (reader, object, known, error)
      || !find_number (reader, object, "index", 5, &index, error)
      || !find_number (reader, object, "value", G_MAXINT64, &arg.value, error)
      || !find_number (reader, object, "valueTwo", G_MAXINT64, &arg.value_two, error))
    return FALSE;
  const char *text = get_text (reader, object, "op", error);
  if (text == NULL)
    return FALSE;
  const AakSeccompWord *op = aak_seccomp_operator (text);
  if (op == NULL)
    return fail (reader, "op", error, "unknown operator");
  if (index == G_MAXUINT64 || find (object, "value") == NULL)
    return fail (reader, index == G_MAXUINT64 ? "index" : "value", error, "is missing");
  arg.index = (guint) index;
  arg.op = op->value;
  g_array_append_val (rule->args, arg);
  return TRUE;
}

static gboolean
read_args (Reader *reader, json_t *object, AakSeccompRule *rule, GError **error)
{
  json_t *list = NULL;
  if (!find_list (reader, object, "args", AAK_SECCOMP_MAX_ARGS, &list, error))
    return FALSE;
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      g_autofree char *where = g_strdup_printf ("%s.args[%" G_GSIZE_FORMAT "]", reader->where, i);
      Reader inner = { .what = reader->what, .where = where };
      if (!read_arg (&inner, json_array_get (list, i), rule, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_rule (Reader *reader, json_t *object, AakSeccompProfile *profile, GError **error)
{
  static const char *const known[] = { "names", "action", "errnoRet", "args", NULL };
  AakSeccompRule *rule = g_new0 (AakSeccompRule, 1);
  rule->names = g_ptr_array_new_with_free_func (g_free);
  rule->args = g_array_new (FALSE, FALSE, sizeof (AakSeccompArg));
  g_ptr_array_add (profile->rules, rule);
  if (!check_fields (reader, object, known, error)
      || !read_action (reader, object, "action", "errnoRet", &rule->action, error)
      || !read_words (reader, object, "names", AAK_SECCOMP_MAX_NAMES - reader->names, is_name,
                      rule->names, error)
      || !read_args (reader, object, rule, error))
    return FALSE;
  reader->names += rule->names->len;
  if (rule->names->len == 0)
    return fail (reader, "names", error, "names no system call");
  if (rule->action == SCMP_ACT_NOTIFY && profile->listener == NULL)
    return fail (reader, "action", error, "SCMP_ACT_NOTIFY needs a listenerPath");
  return TRUE;
}

static gboolean
read_rules (Reader *reader, json_t *object, AakSeccompProfile *profile, GError **error)
{
  json_t *list = NULL;
  if (!find_list (reader, object, "syscalls", AAK_SECCOMP_MAX_RULES, &list, error))
    return FALSE;
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      g_autofree char *where = g_strdup_printf ("syscalls[%" G_GSIZE_FORMAT "]", i);
      Reader inner = { .what = reader->what, .where = where, .names = reader->names };
      if (!read_rule (&inner, json_array_get (list, i), profile, error))
        return FALSE;
      reader->names = inner.names;
    }
  return TRUE;
}

/* --- the profile ----------------------------------------------------------------------------- */

static gboolean
read_listener (const Reader *reader, json_t *object, AakSeccompProfile *profile, GError **error)
{
  if (find (object, "listenerPath") == NULL)
    return find (object, "listenerMetadata") == NULL
           || fail (reader, "listenerMetadata", error, "there is no listenerPath");
  const char *path = get_text (reader, object, "listenerPath", error);
  if (path == NULL)
    return FALSE;
  if (*path != '/' || strlen (path) >= MAX_LISTENER)
    return fail (reader, "listenerPath", error, "not the path of a socket");
  profile->listener = g_strdup (path);
  return find (object, "listenerMetadata") == NULL
         || get_text (reader, object, "listenerMetadata", error) != NULL;
}

static gboolean
read_all (Reader *reader, json_t *object, AakSeccompProfile *profile, GError **error)
{
  static const char *const known[] = { "defaultAction", "defaultErrnoRet",
                                       "architectures", "flags",
                                       "listenerPath",  "listenerMetadata",
                                       "syscalls",      NULL };
  if (!check_fields (reader, object, known, error)
      || !read_action (reader, object, "defaultAction", "defaultErrnoRet", &profile->action, error)
      || !read_words (reader, object, "architectures", 64, aak_seccomp_is_architecture,
                      profile->architectures, error)
      || !read_words (reader, object, "flags", 16, aak_seccomp_is_flag, profile->flags, error)
      || !read_listener (reader, object, profile, error))
    return FALSE;
  /* runc, libcontainer/seccomp: InitSeccomp() */
  if (profile->action == SCMP_ACT_NOTIFY)
    return fail (reader, "defaultAction", error, "the runtimes refuse SCMP_ACT_NOTIFY here");
  return read_rules (reader, object, profile, error);
}

AakSeccompProfile *
aak_seccomp_profile_parse (const char *what, GBytes *text, GError **error)
{
  json_error_t why;
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  if (len > AAK_SECCOMP_MAX_SIZE)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: larger than %d KiB", what,
                   (int) (AAK_SECCOMP_MAX_SIZE >> 10));
      return NULL;
    }
  json_auto_t *root = json_loadb (data != NULL ? data : "", len, JSON_REJECT_DUPLICATES, &why);
  if (root == NULL)
    {
      g_autofree char *shown = aak_escape (why.text, strlen (why.text));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s:%d:%d: no JSON: %s", what,
                   MAX (why.line, 1), MAX (why.column, 1), shown);
      return NULL;
    }
  g_autoptr (AakSeccompProfile) profile = g_new0 (AakSeccompProfile, 1);
  profile->architectures = g_ptr_array_new_with_free_func (g_free);
  profile->flags = g_ptr_array_new_with_free_func (g_free);
  profile->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);
  Reader reader = { .what = what, .where = "" };
  return read_all (&reader, root, profile, error) ? g_steal_pointer (&profile) : NULL;
}
