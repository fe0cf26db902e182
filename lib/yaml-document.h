/* SPDX-License-Identifier: LGPL-2.1-or-later
 * How a document lies in memory: for lib/yaml.c and lib/yaml-parse.c only. A state has millions of
 * nodes, so that a node is small, and its children and its text lie in arrays that all share. */
#pragma once

#include "lib/yaml.h"

typedef enum
{
  AAK_YAML_SCALAR,
  AAK_YAML_LIST,
  AAK_YAML_MAP,
} AakYamlType;

typedef struct
{
  AakYamlType type;
  guint32 line; /* where it begins, from 0 */
  guint32 column;
  guint32 length; /* bytes of the text, or number of the children: items, or keys and values */
  guint32 first;  /* where it begins in `texts`, or the index of the first in `children` */
} AakYamlData;

struct AakYaml
{
  char *name;
  GArray *nodes;    /* AakYamlData; the root is the first */
  GArray *children; /* guint32: indices of nodes */
  GString *texts;   /* each ends with a NUL */
};

static inline const AakYamlData *
aak_yaml_data (AakYamlNode node)
{
  return &g_array_index (node.yaml->nodes, AakYamlData, node.id);
}

/* The node that is @index-th of @data's children. */
static inline AakYamlNode
aak_yaml_child (const AakYaml *yaml, const AakYamlData *data, guint index)
{
  return (AakYamlNode){ yaml, (int) g_array_index (yaml->children, guint32, data->first + index) };
}

/* The text of a scalar. */
static inline const char *
aak_yaml_bytes (const AakYaml *yaml, const AakYamlData *data)
{
  return yaml->texts->str + data->first;
}
