/* SPDX-License-Identifier: GPL-2.0-or-later
 * From a record's fields to a typed event. The fields are those of kernels 4.x to 7.x
 * (security/apparmor: audit.c, file.c, net.c, ipc.c, capability.c); a class that is unknown here
 * becomes AAK_CLASS_OTHER, never an error. */
#include "config.h"

#include "learn/event.h"

#include <string.h>

void
aak_event_clear (AakEvent *event)
{
  g_free (event->operation);
  g_free (event->label);
  g_free (event->name);
  g_free (event->target);
  g_free (event->peer);
  g_free (event->detail);
  g_free (event->family);
  g_free (event->info);
  memset (event, 0, sizeof *event);
}

/* --- strings --------------------------------------------------------------------------------- */

static char *
decode_hex (AakSpan hex)
{
  if (hex.len == 0 || hex.len % 2 != 0)
    return NULL;
  g_autofree char *bytes = g_malloc (hex.len / 2 + 1);
  for (gsize i = 0; i < hex.len / 2; i++)
    {
      int high = g_ascii_xdigit_value (hex.data[2 * i]),
          low = g_ascii_xdigit_value (hex.data[2 * i + 1]);
      if (high < 0 || low < 0 || (high == 0 && low == 0))
        return NULL;
      bytes[i] = (char) (high * 16 + low);
    }
  bytes[hex.len / 2] = '\0';
  return g_steal_pointer (&bytes);
}

/* Undoes what /dev/kmsg does to a backslash. */
static char *
decode_escapes (AakSpan text)
{
  g_autofree char *bytes = g_malloc (text.len + 1);
  gsize n = 0;
  for (gsize i = 0; i < text.len; i++)
    {
      bytes[n] = text.data[i];
      if (text.data[i] == '\\')
        {
          int high = i + 3 < text.len && text.data[i + 1] == 'x'
                         ? g_ascii_xdigit_value (text.data[i + 2])
                         : -1;
          int low = high >= 0 ? g_ascii_xdigit_value (text.data[i + 3]) : -1;
          if (low < 0 || (high == 0 && low == 0))
            return NULL;
          bytes[n] = (char) (high * 16 + low);
          i += 3;
        }
      n++;
    }
  bytes[n] = '\0';
  return g_steal_pointer (&bytes);
}

char *
aak_event_decode (const AakField *field)
{
  switch (field->form)
    {
    case AAK_VALUE_QUOTED:
      return g_strndup (field->value.data, field->value.len);
    case AAK_VALUE_ESCAPED:
      return decode_escapes (field->value);
    case AAK_VALUE_BARE:
      return decode_hex (field->value);
    }
  return NULL;
}

/* FALSE where the field @key is there and cannot be decoded; *out stays NULL where it
 * is missing. */
static gboolean
take_string (const AakRecord *record, const char *key, char **out)
{
  const AakField *field = aak_record_get (record, key);
  if (field == NULL)
    return TRUE;
  *out = aak_event_decode (field);
  return *out != NULL;
}

/* A word that the kernel takes from its own tables (signal=hup, family="inet"). */
static char *
take_word (const AakRecord *record, const char *key)
{
  const AakField *field = aak_record_get (record, key);
  return field != NULL && field->value.len > 0 ? g_strndup (field->value.data, field->value.len)
                                               : NULL;
}

/* --- permissions ----------------------------------------------------------------------------- */

static const struct
{
  const char *word;
  AakPerm perm;
} perm_words[] = {
  { "send", AAK_PERM_SEND },       { "receive", AAK_PERM_RECEIVE },
  { "read", AAK_PERM_READ },       { "trace", AAK_PERM_TRACE },
  { "readby", AAK_PERM_READBY },   { "tracedby", AAK_PERM_TRACEDBY },
  { "create", AAK_PERM_CREATE },   { "bind", AAK_PERM_BIND },
  { "connect", AAK_PERM_CONNECT }, { "listen", AAK_PERM_LISTEN },
  { "accept", AAK_PERM_ACCEPT },   { "getattr", AAK_PERM_GETATTR },
  { "setattr", AAK_PERM_SETATTR }, { "getopt", AAK_PERM_GETOPT },
  { "setopt", AAK_PERM_SETOPT },   { "shutdown", AAK_PERM_SHUTDOWN },
};
static const char perm_letters[] = "rwaxmlkcd"; /* in the order of the bits */

static guint
word_to_perm (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (perm_words); i++)
    if (strcmp (perm_words[i].word, word) == 0)
      return perm_words[i].perm;
  return 0;
}

static gboolean
letters_to_perms (const char *letters, guint *out)
{
  guint perms = 0;
  for (; *letters != '\0'; letters++)
    {
      const char *at = strchr (perm_letters, *letters);
      if (at == NULL)
        return FALSE;
      perms |= 1u << (at - perm_letters);
    }
  *out = perms;
  return perms != 0;
}

static gboolean
words_to_perms (const char *text, guint *out)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,", -1);
  guint perms = 0;
  for (char **word = words; *word != NULL; word++)
    {
      if (**word == '\0')
        continue;
      guint perm = word_to_perm (*word);
      if (perm == 0)
        return FALSE;
      perms |= perm;
    }
  *out = perms;
  return perms != 0;
}

char *
aak_perms_to_text (guint perms)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; perm_letters[i] != '\0'; i++)
    if (perms & (1u << i))
      g_string_append_c (text, perm_letters[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (perm_words); i++)
    if (perms & perm_words[i].perm)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", perm_words[i].word);
  return g_string_free (text, FALSE);
}

gboolean
aak_perms_from_text (const char *text, guint *out)
{
  return letters_to_perms (text, out) || words_to_perms (text, out);
}

/* The mask that was asked for; 4.x and Ubuntu's kernels call it `requested` in some classes. */
static gboolean
take_perms (const AakRecord *record, gboolean (*parse) (const char *, guint *), AakEvent *out)
{
  g_autofree char *mask = take_word (record, "requested_mask");
  if (mask == NULL)
    mask = take_word (record, "requested");
  return mask != NULL && parse (mask, &out->perms);
}

/* --- classes --------------------------------------------------------------------------------- */

/* 4.x kernels write masks of the owner's and of others' permissions apart, as "r::" and "::r". */
static gboolean
parse_file_mask (const char *mask, guint *out)
{
  g_autofree char *letters = g_strdup (mask);
  char *to = letters;
  for (const char *from = letters; *from != '\0'; from++)
    if (*from != ':')
      *to++ = *from;
  *to = '\0';
  return letters_to_perms (letters, out);
}

static const char *
read_file (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_FILE;
  if (!take_perms (record, parse_file_mask, out))
    return "requested_mask missing or unknown";
  if (out->name == NULL)
    return "name missing";
  const AakField *fsuid = aak_record_get (record, "fsuid"), *ouid = aak_record_get (record, "ouid");
  guint64 subject = 0, object = 1;
  if (fsuid != NULL && ouid != NULL)
    out->owner = aak_span_to_uint (fsuid->value, &subject)
                 && aak_span_to_uint (ouid->value, &object) && subject == object;
  if (!take_string (record, "target", &out->target))
    return "target is neither quoted nor hex";
  return NULL;
}

static const char *
read_capability (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_CAPABILITY;
  out->detail = take_word (record, "capname");
  if (out->detail == NULL && out->name != NULL)
    out->detail = g_steal_pointer (&out->name); /* 2.6 and 3.x kernels */
  return out->detail != NULL ? NULL : "capname missing";
}

static const char *
read_network (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_NETWORK;
  out->family = take_word (record, "family");
  out->detail = take_word (record, "sock_type");
  if (out->family == NULL || out->detail == NULL)
    return "family or sock_type missing";
  take_perms (record, words_to_perms, out); /* older kernels name the operation only */
  return NULL;
}

static const char *
read_peer_access (const AakRecord *record, AakEvent *out)
{
  if (!take_string (record, "peer", &out->peer) || out->peer == NULL)
    return "peer missing or damaged";
  if (!take_perms (record, words_to_perms, out))
    return "requested_mask missing or unknown";
  return NULL;
}

static const char *
read_signal (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_SIGNAL;
  out->detail = take_word (record, "signal");
  return out->detail != NULL ? read_peer_access (record, out) : "signal missing";
}

static const char *
read_ptrace (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_PTRACE;
  return read_peer_access (record, out);
}

static const char *
read_policy (const AakRecord *record, AakEvent *out)
{
  (void) record;
  out->class = AAK_CLASS_POLICY;
  return NULL;
}

static const char *
read_other (const AakRecord *record, AakEvent *out)
{
  (void) record;
  out->class = AAK_CLASS_OTHER;
  return NULL;
}

typedef const char *(*ClassReader) (const AakRecord *record, AakEvent *out);

static const struct
{
  const char *operation;
  ClassReader read;
} operations[] = {
  { "capable", read_capability },     { "signal", read_signal },
  { "ptrace", read_ptrace },          { "profile_load", read_policy },
  { "profile_replace", read_policy }, { "profile_remove", read_policy },
  { "change_profile", read_policy },  { "change_onexec", read_policy },
  { "change_hat", read_policy },      { "stack", read_policy },
  { "stack_onexec", read_policy },    { "mount", read_other },
  { "umount", read_other },           { "pivotroot", read_other },
  { "setrlimit", read_other },        { "userns_create", read_other },
  { "uring_override", read_other },   { "uring_sqpoll", read_other },
};

static const char *const file_operations[] = {
  "open",      "getattr",       "setattr",      "chmod",        "chown",     "mkdir",
  "rmdir",     "mknod",         "unlink",       "symlink",      "truncate",  "link",
  "exec",      "rename_src",    "rename_dest",  "file_receive", "file_perm", "file_lock",
  "file_mmap", "file_mprotect", "file_inherit", NULL,
};

/* Sockets share operations with files (file_perm, file_inherit) and are told by their `family`. */
static ClassReader
find_reader (const AakRecord *record, const AakEvent *event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (strcmp (operations[i].operation, event->operation) == 0)
      return operations[i].read;
  if (aak_record_get (record, "family") != NULL)
    return read_network;
  return g_strv_contains (file_operations, event->operation) ? read_file : read_other;
}

static const struct
{
  const char *word;
  AakVerdict verdict;
} verdicts[] = {
  { "ALLOWED", AAK_VERDICT_ALLOWED }, { "DENIED", AAK_VERDICT_DENIED },
  { "AUDIT", AAK_VERDICT_AUDIT },     { "KILLED", AAK_VERDICT_KILLED },
  { "STATUS", AAK_VERDICT_STATUS },   { "HINT", AAK_VERDICT_NOTICE },
  { "ERROR", AAK_VERDICT_NOTICE },
};

static gboolean
take_verdict (const AakRecord *record, AakVerdict *out)
{
  const AakField *field = aak_record_get (record, "apparmor");
  for (gsize i = 0; field != NULL && i < G_N_ELEMENTS (verdicts); i++)
    if (aak_span_is (field->value, verdicts[i].word))
      {
        *out = verdicts[i].verdict;
        return TRUE;
      }
  return FALSE;
}

/* What every event has. */
static const char *
read_common (const AakRecord *record, AakEvent *out)
{
  out->time = record->time;
  out->serial = record->serial;
  out->operation = take_word (record, "operation");
  out->info = take_word (record, "info");
  if (!take_verdict (record, &out->verdict))
    return "apparmor= missing or unknown";
  if (out->operation == NULL)
    return "operation missing";
  if (!take_string (record, "profile", &out->label)
      || (out->label == NULL && !take_string (record, "label", &out->label)) || out->label == NULL)
    return "profile missing or damaged";
  if (!take_string (record, "name", &out->name))
    return "name is neither quoted nor hex";
  return NULL;
}

/* A getattr is a stat that 6.12 reports with mask r under some profiles: no read. An exec record
 * with "no new privs" repeats the one before it, with the unresolved name (measured on 6.1). */
static gboolean
is_no_access (const AakEvent *event)
{
  return strcmp (event->operation, "getattr") == 0
         || (strcmp (event->operation, "exec") == 0
             && g_strcmp0 (event->info, "no new privs") == 0);
}

AakEventResult
aak_event_from_record (const AakRecord *record, AakEvent *out, const char **out_reason)
{
  const char *reason = read_common (record, out);
  if (reason == NULL && is_no_access (out))
    return AAK_EVENT_IGNORED;
  if (reason == NULL)
    reason = find_reader (record, out) (record, out);
  if (out_reason != NULL)
    *out_reason = reason;
  return reason == NULL ? AAK_EVENT_OK : AAK_EVENT_MALFORMED;
}
