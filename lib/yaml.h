/* SPDX-License-Identifier: LGPL-2.1-or-later
 * libyaml in small functions that set a GError: a reader with positions and a
 * deterministic writer. */
#pragma once

#include <glib.h>

/* --- reading --------------------------------------------------------------------------------- */

typedef struct AakYaml AakYaml;
/* A node of a document; valid as long as the document. Pass by value. */
typedef struct
{
  const AakYaml *yaml;
  int id;
} AakYamlNode;

/* How deep a document may nest, and how many values it may hold: about 2 GiB of memory, and as many
 * as the largest state has. */
#define AAK_YAML_MAX_DEPTH 64
#define AAK_YAML_MAX_NODES (80u << 20)

/* Parses one YAML document. @name is the file's name for messages. Refused (INVALID,
 * "NAME:LINE:COL: why"): syntax errors, more than one document, anchors, aliases, tags, duplicate
 * keys in a mapping, keys that are not plain words, what is beyond the bounds above. */
AakYaml *aak_yaml_parse (const char *name, GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_yaml_free (AakYaml *yaml);
AakYamlNode aak_yaml_root (const AakYaml *yaml);

/* Sets an INVALID error "NAME:LINE:COL: message" at @node. Always FALSE. */
gboolean aak_yaml_error (AakYamlNode node, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Looks up @key in the mapping @node. FALSE with an error where @node is no mapping or the key is
 * missing. */
gboolean aak_yaml_get (AakYamlNode node, const char *key, AakYamlNode *out,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a key that may be missing; FALSE (no error) where it is, or where @node is no
 * mapping. */
gboolean aak_yaml_find (AakYamlNode node, const char *key, AakYamlNode *out);

/* The first key of the mapping @node that is not among @keys (NULL-terminated), and its node; NULL
 * where there is none, or where @node is no mapping. The document owns the text. */
const char *aak_yaml_find_other (AakYamlNode node, const char *const *keys, AakYamlNode *out);

/* Number of items of a sequence; FALSE with an error where @node is none. */
gboolean aak_yaml_length (AakYamlNode node, guint *out_length,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
AakYamlNode aak_yaml_item (AakYamlNode sequence, guint index);

/* A scalar's text (owned by the document), or NULL with an error. */
const char *aak_yaml_text (AakYamlNode node, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The text under @key of the mapping @node. */
const char *aak_yaml_get_text (AakYamlNode node, const char *key,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The unsigned decimal number under @key of the mapping @node. */
gboolean aak_yaml_get_uint (AakYamlNode node, const char *key, guint64 *out,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the key `schema` of the root: "aakit/KIND/N". INVALID for another kind or none,
 * NEWER_SCHEMA for N > @newest. */
gboolean aak_yaml_check_schema (const AakYaml *yaml, const char *kind, guint newest,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakYaml, aak_yaml_free)

/* --- writing --------------------------------------------------------------------------------- */

typedef struct AakYamlWriter AakYamlWriter;

/* Collects one document in memory: block style, keys plain, every string double-quoted, numbers
 * bare, so that the same calls give the same bytes and no text changes its type. Strings must be
 * valid UTF-8 (aak_escape()). */
AakYamlWriter *aak_yaml_writer_new (void);
void aak_yaml_writer_free (AakYamlWriter *writer);
/* The finished document; the writer can only be freed afterwards. */
GBytes *aak_yaml_writer_end (AakYamlWriter *writer);

void aak_yaml_begin_map (AakYamlWriter *writer);
void aak_yaml_begin_flow_map (AakYamlWriter *writer); /* on one line */
void aak_yaml_end_map (AakYamlWriter *writer);
void aak_yaml_begin_list (AakYamlWriter *writer);
void aak_yaml_begin_flow_list (AakYamlWriter *writer); /* on one line */
void aak_yaml_end_list (AakYamlWriter *writer);
void aak_yaml_key (AakYamlWriter *writer, const char *key);
void aak_yaml_put_text (AakYamlWriter *writer, const char *text);
void aak_yaml_put_uint (AakYamlWriter *writer, guint64 number);
/* KEY: "TEXT" and KEY: NUMBER. */
void aak_yaml_pair_text (AakYamlWriter *writer, const char *key, const char *text);
/* @bytes may be any; they are written as aak_escape() does. */
void aak_yaml_pair_escaped (AakYamlWriter *writer, const char *key, const char *bytes);
void aak_yaml_pair_uint (AakYamlWriter *writer, const char *key, guint64 number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakYamlWriter, aak_yaml_writer_free)
