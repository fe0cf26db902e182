/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Directories as rectangles in rectangles, each as near to a square as the one around it lets it be
 * (Bruls, Huizing, van Wijk: "Squarified Treemaps", 2000). */
#include "config.h"

#include "lib/report/tree-map.h"

#include "lib/count.h"
#include "lib/escape.h"

#include <string.h>

#define WIDTH     1000.0
#define HEIGHT    560.0
#define TINY      1e-3 /* so that nothing is divided by 0 */
#define HEADER    14.0 /* of a directory: its name stands there */
#define MAX_CELLS 2500
#define MAX_ITEMS 80 /* of a directory; the smaller ones are drawn as one */
#define MAX_DEPTH 12
#define MAX_ROWS  250 /* of the table */

/* What may be done with a file, as it is drawn. */
typedef enum
{
  KIND_NONE,
  KIND_READ,
  KIND_RUN,
  KIND_WRITE,
  KIND_WRITE_RUN,
  N_KINDS,
} Kind;

static const struct
{
  const char *class;
  const char *letters;
  const char *words;
} kinds[N_KINDS] = {
  [KIND_NONE] = { "cell none", "", "no access" },
  [KIND_READ] = { "cell read", "r", "read" },
  [KIND_RUN] = { "cell run", "x", "run, not write" },
  [KIND_WRITE] = { "cell write", "w", "write" },
  [KIND_WRITE_RUN] = { "cell both", "wx", "write and run" },
};

typedef struct Dir Dir;
struct Dir
{
  char *path; /* without a slash at its end: "" is the root */
  Dir *above;
  GPtrArray *dirs; /* Dir*: owned by the table of all */
  guint64 own[N_KINDS];
  guint64 all[N_KINDS];
  guint64 readable, writable, runnable; /* of all */
  guint64 files;                        /* the same */
  GString *marks;                       /* NULL: none */
};

struct AakTreeMap
{
  GHashTable *dirs; /* path -> Dir */
  Dir *root;
};

static void
dir_free (gpointer data)
{
  Dir *dir = data;
  g_free (dir->path);
  g_ptr_array_unref (dir->dirs);
  if (dir->marks != NULL)
    g_string_free (dir->marks, TRUE);
  g_free (dir);
}

static Dir *
add_dir (AakTreeMap *map, char *path, Dir *above)
{
  Dir *dir = g_new0 (Dir, 1);
  dir->path = path;
  dir->above = above;
  dir->dirs = g_ptr_array_new ();
  if (above != NULL)
    g_ptr_array_add (above->dirs, dir);
  g_hash_table_insert (map->dirs, dir->path, dir);
  return dir;
}

AakTreeMap *
aak_tree_map_new (void)
{
  AakTreeMap *map = g_new0 (AakTreeMap, 1);
  map->dirs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, dir_free);
  map->root = add_dir (map, g_strdup (""), NULL);
  return map;
}

void
aak_tree_map_free (AakTreeMap *map)
{
  g_hash_table_unref (map->dirs);
  g_free (map);
}

/* --- counting -------------------------------------------------------------------------------- */

/* The directory of the first @len bytes of @path, or the nearest above it that may be there. */
static Dir *
find_dir (AakTreeMap *map, const char *path, gsize len)
{
  Dir *dir = map->root;
  for (gsize end = 1; end <= len; end++)
    {
      if (end < len && path[end] != '/')
        continue;
      if (end > 0 && path[end - 1] == '/')
        continue;
      g_autofree char *name = g_strndup (path, end);
      Dir *below = g_hash_table_lookup (map->dirs, name);
      if (below == NULL && g_hash_table_size (map->dirs) >= AAK_TREE_MAP_MAX_DIRS)
        return dir;
      dir = below != NULL ? below : add_dir (map, g_steal_pointer (&name), dir);
    }
  return dir;
}

static Dir *
dir_of (AakTreeMap *map, const char *path)
{
  const char *slash = strrchr (path, '/');
  gsize len = slash != NULL ? (gsize) (slash - path) : 0;
  g_autofree char *name = g_strndup (path, len);
  Dir *known = g_hash_table_lookup (map->dirs, name);
  return known != NULL ? known : find_dir (map, path, len);
}

static Kind
kind_of (guint access)
{
  if ((access & AAK_REPORT_WRITE) != 0)
    return (access & AAK_REPORT_EXEC) != 0 ? KIND_WRITE_RUN : KIND_WRITE;
  if ((access & AAK_REPORT_EXEC) != 0)
    return KIND_RUN;
  return (access & AAK_REPORT_READ) != 0 ? KIND_READ : KIND_NONE;
}

void
aak_tree_map_add (AakTreeMap *map, const char *path, guint access)
{
  Kind kind = kind_of (access);
  Dir *dir = dir_of (map, path);
  dir->own[kind]++;
  for (; dir != NULL; dir = dir->above)
    {
      dir->all[kind]++;
      dir->files++;
      dir->readable += (access & AAK_REPORT_READ) != 0;
      dir->writable += (access & AAK_REPORT_WRITE) != 0;
      dir->runnable += (access & AAK_REPORT_EXEC) != 0;
    }
}

void
aak_tree_map_mark (AakTreeMap *map, const char *path, const char *what)
{
  Dir *dir = g_hash_table_lookup (map->dirs, path);
  if (dir == NULL)
    return;
  if (dir->marks == NULL)
    dir->marks = g_string_new (NULL);
  g_string_append_printf (dir->marks, "%s%s", dir->marks->len > 0 ? ", " : "", what);
}

guint64
aak_tree_map_count (const AakTreeMap *map, guint access)
{
  const Dir *root = map->root;
  return access == AAK_REPORT_READ    ? root->readable
         : access == AAK_REPORT_WRITE ? root->writable
                                      : root->runnable;
}

guint64
aak_tree_map_files (const AakTreeMap *map)
{
  return map->root->files;
}

/* --- layout ---------------------------------------------------------------------------------- */

typedef struct
{
  double x, y, w, h;
} Box;

/* A directory, or files of one kind. */
typedef struct
{
  const Dir *dir; /* NULL: files */
  Kind kind;
  guint64 files;
  Box box;
} Cell;

static int
larger_first (gconstpointer a, gconstpointer b)
{
  const Cell *one = a, *other = b;
  if (one->files != other->files)
    return one->files > other->files ? -1 : 1;
  if (one->dir != NULL && other->dir != NULL)
    return strcmp (one->dir->path, other->dir->path);
  return one->dir != NULL ? -1 : other->dir != NULL ? 1 : (int) one->kind - (int) other->kind;
}

/* How far from a square the worst one is of cells with the areas @least to @most and @sum of all,
 * which stand along a side of the length @side. */
static double
worst_ratio (double least, double most, double sum, double side)
{
  double wide = side * side, area = sum * sum;
  return MAX (wide * most / area, area / (wide * least));
}

/* Puts the cells from @first to before @end, whose areas are @sum, along the shorter side of @box,
 * which gets smaller. @scale: area of a file. */
static void
place_row (GArray *cells, guint first, guint end, double scale, double sum, Box *box)
{
  gboolean upright = box->w >= box->h;
  double thick = sum / (upright ? box->h : box->w), along = 0;
  for (guint i = first; i < end; i++)
    {
      Cell *cell = &g_array_index (cells, Cell, i);
      double length = (double) cell->files * scale / thick;
      cell->box = upright ? (Box){ box->x, box->y + along, thick, length }
                          : (Box){ box->x + along, box->y, length, thick };
      along += length;
    }
  if (upright)
    *box = (Box){ box->x + thick, box->y, MAX (box->w - thick, TINY), box->h };
  else
    *box = (Box){ box->x, box->y + thick, box->w, MAX (box->h - thick, TINY) };
}

/* Gives each of @cells, which are sorted, its part of @box. */
static void
lay_out (GArray *cells, Box box)
{
  double files = 0;
  box.w = MAX (box.w, TINY);
  box.h = MAX (box.h, TINY);
  for (guint i = 0; i < cells->len; i++)
    files += (double) g_array_index (cells, Cell, i).files;
  double scale = box.w * box.h / files;
  for (guint first = 0, end; first < cells->len; first = end)
    {
      double side = MIN (box.w, box.h);
      double most = (double) g_array_index (cells, Cell, first).files * scale, sum = most;
      double ratio = worst_ratio (most, most, sum, side);
      for (end = first + 1; end < cells->len; end++)
        {
          double least = (double) g_array_index (cells, Cell, end).files * scale;
          double with = worst_ratio (least, most, sum + least, side);
          if (with > ratio)
            break;
          ratio = with;
          sum += least;
        }
      place_row (cells, first, end, scale, sum, &box);
    }
}

/* --- drawing --------------------------------------------------------------------------------- */

typedef struct
{
  AakHtml *html;
  guint cells;
} Drawing;

static void
put_box (AakHtml *html, const Box *box)
{
  aak_html_number (html, "x", box->x);
  aak_html_number (html, "y", box->y);
  aak_html_number (html, "width", MAX (box->w, 0.1));
  aak_html_number (html, "height", MAX (box->h, 0.1));
}

static char *
shown_path (const Dir *dir)
{
  return *dir->path != '\0' ? aak_escape (dir->path, strlen (dir->path)) : g_strdup ("/");
}

/* @text as far as it fits into @width. */
static void
put_label (AakHtml *html, const char *class, double x, double y, double width, const char *text)
{
  glong room = (glong) (width / 6.2), length = g_utf8_strlen (text, -1);
  if (room < 3)
    return;
  g_autofree char *cut = length > room ? g_utf8_substring (text, 0, room - 1) : NULL;
  aak_html_begin (html, "text");
  aak_html_attribute (html, "class", class);
  aak_html_number (html, "x", x);
  aak_html_number (html, "y", y);
  aak_html_textf (html, "%s%s", cut != NULL ? cut : text, cut != NULL ? "\342\200\246" : "");
  aak_html_end (html);
}

static void
draw_files (Drawing *drawing, const Dir *dir, const Cell *cell)
{
  AakHtml *html = drawing->html;
  g_autofree char *path = shown_path (dir), *files = aak_count (cell->files, "file");
  aak_html_begin (html, "rect");
  aak_html_attribute (html, "class", kinds[cell->kind].class);
  put_box (html, &cell->box);
  aak_html_begin (html, "title");
  aak_html_textf (html, "%s: %s: %s", path, files, kinds[cell->kind].words);
  aak_html_end (html);
  aak_html_end (html);
  drawing->cells++;
  if (cell->kind != KIND_NONE && cell->box.w > 18 && cell->box.h > 14)
    put_label (html, "letter", cell->box.x + 4, cell->box.y + 11, 20, kinds[cell->kind].letters);
}

static void
add_files (GArray *cells, const guint64 *files)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (files[kind] > 0)
      {
        const Cell cell = { .kind = (Kind) kind, .files = files[kind] };
        g_array_append_val (cells, cell);
      }
}

/* All files below @dir, by kind only. */
static void
draw_summary (Drawing *drawing, const Dir *dir, const guint64 *files, const Box *box)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  add_files (cells, files);
  g_array_sort (cells, larger_first);
  lay_out (cells, *box);
  for (guint i = 0; i < cells->len; i++)
    draw_files (drawing, dir, &g_array_index (cells, Cell, i));
}

/* The directories below @dir, the largest ones, and its own files with those of the others. */
static GArray *
cells_of (const Dir *dir)
{
  guint64 files[N_KINDS];
  g_autoptr (GArray) dirs = g_array_new (FALSE, FALSE, sizeof (Cell));
  memcpy (files, dir->own, sizeof files);
  for (guint i = 0; i < dir->dirs->len; i++)
    {
      const Dir *below = dir->dirs->pdata[i];
      const Cell cell = { .dir = below, .files = below->files };
      if (below->files > 0)
        g_array_append_val (dirs, cell);
    }
  g_array_sort (dirs, larger_first);
  for (guint i = MAX_ITEMS; i < dirs->len; i++)
    for (guint kind = 0; kind < N_KINDS; kind++)
      files[kind] += g_array_index (dirs, Cell, i).dir->all[kind];
  g_array_set_size (dirs, MIN (dirs->len, MAX_ITEMS));
  add_files (dirs, files);
  g_array_sort (dirs, larger_first);
  return g_steal_pointer (&dirs);
}

static void draw_dir (Drawing *drawing, const Dir *dir, const Box *box, guint depth);

static void
draw_inside (Drawing *drawing, const Dir *dir, const Box *box, guint depth)
{
  if (box->w < 10 || box->h < 10 || depth >= MAX_DEPTH || drawing->cells >= MAX_CELLS)
    {
      draw_summary (drawing, dir, dir->all, box);
      return;
    }
  g_autoptr (GArray) cells = cells_of (dir);
  lay_out (cells, *box);
  for (guint i = 0; i < cells->len; i++)
    {
      const Cell *cell = &g_array_index (cells, Cell, i);
      if (cell->dir != NULL)
        draw_dir (drawing, cell->dir, &cell->box, depth + 1);
      else
        draw_files (drawing, dir, cell);
    }
}

/* What is drawn of @dir within the one above it: a frame with its name. */
static void
draw_dir (Drawing *drawing, const Dir *dir, const Box *box, guint depth)
{
  AakHtml *html = drawing->html;
  while (dir->dirs->len == 1 && ((const Dir *) dir->dirs->pdata[0])->files == dir->files
         && dir->marks == NULL)
    dir = dir->dirs->pdata[0];
  gboolean named = box->w > 34 && box->h > 30;
  double edge = named ? 2 : MIN (box->w, box->h) > 14 ? 1 : 0, head = named ? HEADER : edge;
  const Box inside = { box->x + edge, box->y + head, box->w - 2 * edge, box->h - head - edge };
  g_autofree char *path = shown_path (dir), *files = aak_count (dir->files, "file");
  aak_html_begin (html, "g");
  aak_html_attribute (html, "class", "dir");
  aak_html_attributef (html, "data-name",
                       "%s%s%s%s: %s, %" G_GUINT64_FORMAT " read, %" G_GUINT64_FORMAT
                       " write, %" G_GUINT64_FORMAT " run",
                       path, dir->marks != NULL ? " (" : "",
                       dir->marks != NULL ? dir->marks->str : "", dir->marks != NULL ? ")" : "",
                       files, dir->readable, dir->writable, dir->runnable);
  aak_html_begin (html, "rect");
  aak_html_attribute (html, "class", dir->marks != NULL ? "frame volume" : "frame");
  put_box (html, box);
  aak_html_end (html);
  if (named)
    {
      const char *above = dir->above != NULL ? strrchr (path, '/') : NULL;
      put_label (html, "name", box->x + 4, box->y + 10.5, box->w - 6,
                 depth == 1 || above == NULL ? path : above + 1);
    }
  draw_inside (drawing, dir, &inside, depth);
  aak_html_end (html);
}

/* --- the same in words ----------------------------------------------------------------------- */

static void
write_legend (AakHtml *html)
{
  aak_html_begin (html, "ul");
  aak_html_attribute (html, "class", "legend");
  for (guint i = 0; i < N_KINDS; i++)
    {
      aak_html_begin (html, "li");
      aak_html_begin (html, "svg");
      aak_html_attribute (html, "viewBox", "0 0 16 12");
      aak_html_attribute (html, "width", "16");
      aak_html_attribute (html, "height", "12");
      aak_html_attribute (html, "aria-hidden", "true");
      aak_html_begin (html, "rect");
      aak_html_attribute (html, "class", kinds[i].class);
      aak_html_attribute (html, "width", "16");
      aak_html_attribute (html, "height", "12");
      aak_html_end (html);
      aak_html_end (html);
      aak_html_textf (html, " %s", kinds[i].words);
      aak_html_end (html);
    }
  aak_html_end (html);
}

static void
put_count (AakHtml *html, guint64 count)
{
  aak_html_begin (html, "td");
  aak_html_attribute (html, "class", "number");
  aak_html_textf (html, "%" G_GUINT64_FORMAT, count);
  aak_html_end (html);
}

static int
by_path (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Dir *const *) a)->path, (*(const Dir *const *) b)->path);
}

/* Of the directories that have most that may be written or run those that the table has room for,
 * and among equals the larger ones. */
static int
by_weight (gconstpointer a, gconstpointer b)
{
  const Dir *one = *(const Dir *const *) a, *other = *(const Dir *const *) b;
  guint64 of_one = one->writable + one->runnable, of_other = other->writable + other->runnable;
  if (of_one != of_other)
    return of_one > of_other ? -1 : 1;
  if (one->files != other->files)
    return one->files > other->files ? -1 : 1;
  return strcmp (one->path, other->path);
}

static void
write_row (AakHtml *html, const Dir *dir)
{
  g_autofree char *path = shown_path (dir);
  aak_html_begin (html, "tr");
  aak_html_begin (html, "th");
  aak_html_attribute (html, "scope", "row");
  aak_html_element (html, "code", NULL, path);
  if (dir->marks != NULL)
    aak_html_textf (html, " (%s)", dir->marks->str);
  aak_html_end (html);
  put_count (html, dir->files);
  put_count (html, dir->readable);
  put_count (html, dir->writable);
  put_count (html, dir->runnable);
  aak_html_end (html);
}

static void
write_table (const AakTreeMap *map, AakHtml *html)
{
  static const char *const heads[] = { "Directory", "Files", "Read", "Write", "Run" };
  g_autoptr (GPtrArray) dirs = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer dir;
  g_hash_table_iter_init (&iter, map->dirs);
  while (g_hash_table_iter_next (&iter, NULL, &dir))
    g_ptr_array_add (dirs, dir);
  g_ptr_array_sort (dirs, by_weight);
  guint all = dirs->len;
  g_ptr_array_set_size (dirs, (gint) MIN (all, MAX_ROWS));
  g_ptr_array_sort (dirs, by_path);
  aak_html_begin (html, "details");
  aak_html_begin (html, "summary");
  aak_html_textf (html, "The same as a table: %u of %u directories", dirs->len, all);
  aak_html_end (html);
  aak_html_begin (html, "table");
  aak_html_element (html, "caption", NULL, "Files at and below each directory");
  aak_html_begin (html, "thead");
  aak_html_begin (html, "tr");
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      aak_html_begin (html, "th");
      aak_html_attribute (html, "scope", "col");
      aak_html_attribute (html, "class", i > 0 ? "number" : "rule");
      aak_html_text (html, heads[i]);
      aak_html_end (html);
    }
  aak_html_end (html);
  aak_html_end (html);
  aak_html_begin (html, "tbody");
  for (guint i = 0; i < dirs->len; i++)
    write_row (html, dirs->pdata[i]);
  aak_html_end (html);
  aak_html_end (html);
  aak_html_end (html);
}

void
aak_tree_map_write (const AakTreeMap *map, AakHtml *html, const char *prefix)
{
  Drawing drawing = { .html = html };
  const Box box = { 0, 0, WIDTH, HEIGHT };
  if (map->root->files == 0)
    {
      aak_html_element (html, "p", NULL, "There is no file in it.");
      return;
    }
  write_legend (html);
  aak_html_begin (html, "div");
  aak_html_attribute (html, "class", "scroll");
  aak_html_attribute (html, "tabindex", "0");
  aak_html_attribute (html, "role", "region");
  aak_html_attribute (html, "aria-label", "Tree map of the files, which scrolls sideways");
  aak_html_begin (html, "svg");
  aak_html_attributef (html, "id", "%stree-map", prefix);
  aak_html_attribute (html, "class", "tree-map");
  aak_html_attributef (html, "viewBox", "0 0 %g %g", WIDTH, HEIGHT);
  aak_html_attribute (html, "role", "img");
  aak_html_attributef (html, "aria-label",
                       "Tree map of %" G_GUINT64_FORMAT " files: %" G_GUINT64_FORMAT
                       " may be read, %" G_GUINT64_FORMAT " written, %" G_GUINT64_FORMAT
                       " run. The table below tells the same.",
                       map->root->files, map->root->readable, map->root->writable,
                       map->root->runnable);
  draw_dir (&drawing, map->root, &box, 0);
  aak_html_end (html);
  aak_html_end (html);
  write_table (map, html);
}
