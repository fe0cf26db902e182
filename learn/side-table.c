/* SPDX-License-Identifier: GPL-2.0-or-later
 * Laying out a table. */
#include "config.h"

#include "learn/side-table.h"

#include <string.h>

/* Characters. A column may be as wide as WIDE, and no less than NARROW where that lets more of them
 * stand beside each other, ABREAST where it goes. */
#define LEAST   12
#define NARROW  25
#define WIDE    40
#define GAP     2
#define ABREAST 3

typedef struct
{
  char *name;
  GPtrArray *cells; /* char* */
} Row;

struct AakSideTable
{
  GPtrArray *rows; /* Row */
  guint columns;
};

static void
row_free (gpointer data)
{
  Row *row = data;
  g_free (row->name);
  g_ptr_array_unref (row->cells);
  g_free (row);
}

AakSideTable *
aak_side_table_new (void)
{
  AakSideTable *table = g_new0 (AakSideTable, 1);
  table->rows = g_ptr_array_new_with_free_func (row_free);
  return table;
}

void
aak_side_table_free (AakSideTable *table)
{
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
aak_side_table_add_row (AakSideTable *table, const char *name)
{
  Row *row = g_new0 (Row, 1);
  row->name = g_strdup (name);
  row->cells = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (table->rows, row);
}

void
aak_side_table_add_cell (AakSideTable *table, char *cell)
{
  Row *row = table->rows->pdata[table->rows->len - 1];
  g_ptr_array_add (row->cells, cell);
  table->columns = MAX (table->columns, row->cells->len);
}

/* --- cells ----------------------------------------------------------------------------------- */

static guint
length (const char *text)
{
  return (guint) g_utf8_strlen (text, -1);
}

/* Appends @word, which is longer than @width, in pieces. */
static void
add_long_word (GPtrArray *lines, GString *line, const char *word, guint width)
{
  for (; *word != '\0'; word = g_utf8_next_char (word))
    {
      if (length (line->str) == width)
        {
          g_ptr_array_add (lines, g_strdup (line->str));
          g_string_truncate (line, 0);
        }
      g_string_append_unichar (line, g_utf8_get_char (word));
    }
}

/* Appends one line of a cell, wrapped at blanks. */
static void
wrap_line (GPtrArray *lines, const char *text, guint width)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GString) line = g_string_new (NULL);
  for (char **word = words; *word != NULL; word++)
    {
      guint used = length (line->str);
      if (used > 0 && used + 1 + length (*word) > width)
        {
          g_ptr_array_add (lines, g_strdup (line->str));
          g_string_truncate (line, 0);
          used = 0;
        }
      if (used > 0)
        g_string_append_c (line, ' ');
      if (length (*word) > width)
        add_long_word (lines, line, *word, width);
      else
        g_string_append (line, *word);
    }
  g_ptr_array_add (lines, g_strdup (line->str));
}

/* The lines (char*) of @cell, none longer than @width. */
static GPtrArray *
wrap (const char *cell, guint width)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit (cell, "\n", -1);
  for (char **part = parts; *part != NULL; part++)
    wrap_line (lines, *part, width);
  return lines;
}

/* The widest line of the column @at, up to @most. */
static guint
width_of (const AakSideTable *table, guint at, guint most)
{
  guint width = LEAST;
  for (guint i = 0; i < table->rows->len; i++)
    {
      const Row *row = table->rows->pdata[i];
      g_auto (GStrv) lines =
          g_strsplit (at < row->cells->len ? row->cells->pdata[at] : "", "\n", -1);
      for (char **line = lines; *line != NULL; line++)
        width = MAX (width, length (*line));
    }
  return MIN (width, most);
}

/* --- blocks of columns that fit -------------------------------------------------------------- */

typedef struct
{
  guint first, end; /* columns */
  guint names;      /* width of the names */
  guint most;       /* and of a column */
  guint widths[64];
} Block;

/* As many columns as fit beside the names from those on that @before ends with, but one at least.
 */
static Block
take_block (const AakSideTable *table, const Block *before, guint width)
{
  Block block = *before;
  guint used = block.names, first = before->end;
  block.first = first;
  while (block.end < table->columns && block.end - first < G_N_ELEMENTS (block.widths))
    {
      guint room = width > used + GAP ? width - used - GAP : 0;
      guint wanted = width_of (table, block.end, block.most);
      if (block.end == first)
        wanted = MIN (wanted, MAX (room, LEAST));
      else if (wanted > room)
        break;
      block.widths[block.end++ - first] = wanted;
      used += GAP + wanted;
    }
  return block;
}

static void
pad (GString *line, guint column)
{
  guint there = length (line->str);
  for (; there < column; there++)
    g_string_append_c (line, ' ');
}

static void
add_row (GString *out, const Row *row, const Block *block)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  guint height = 1;
  for (guint i = block->first; i < MIN (block->end, row->cells->len); i++)
    {
      GPtrArray *lines = wrap (row->cells->pdata[i], block->widths[i - block->first]);
      height = MAX (height, lines->len);
      g_ptr_array_add (cells, lines);
    }
  for (guint at = 0; at < height; at++)
    {
      g_autoptr (GString) line = g_string_new (at == 0 ? row->name : "");
      guint column = block->names + GAP;
      for (guint i = 0; i < cells->len; i++)
        {
          const GPtrArray *lines = cells->pdata[i];
          if (at < lines->len && *(const char *) lines->pdata[at] != '\0')
            {
              pad (line, column);
              g_string_append (line, lines->pdata[at]);
            }
          column += block->widths[i] + GAP;
        }
      g_string_append_printf (out, "%s\n", line->str);
    }
}

char *
aak_side_table_text (const AakSideTable *table, guint width)
{
  GString *out = g_string_new (NULL);
  Block block = { 0 };
  for (guint i = 0; i < table->rows->len; i++)
    block.names = MAX (block.names, length (((const Row *) table->rows->pdata[i])->name));
  guint room = width > block.names ? (width - block.names) / CLAMP (table->columns, 1, ABREAST) : 0;
  block.most = CLAMP (room, NARROW + GAP, WIDE + GAP) - GAP;
  while (block.end < table->columns)
    {
      if (block.end > 0)
        g_string_append_c (out, '\n');
      block = take_block (table, &block, width);
      for (guint i = 0; i < table->rows->len; i++)
        add_row (out, table->rows->pdata[i], &block);
    }
  return g_string_free (out, FALSE);
}
