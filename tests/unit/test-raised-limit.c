/* SPDX-License-Identifier: GPL-2.0-or-later
 * A limit that several recordings raise, one after the other, at once, or until they are killed. */
#include "learn/raised-limit.h"
#include "lib/tree.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

#define RAISED 65536

typedef struct
{
  char *dir;
  char *path;
  guint32 limit; /* the kernel's */
} Kernel;

static Kernel
kernel_new (guint32 limit)
{
  char *dir = g_dir_make_tmp ("aakit-limit-XXXXXX", NULL);
  cr_assert_not_null (dir);
  return (Kernel){ dir, g_build_filename (dir, "run/aakit/limit.lock", NULL), limit };
}

static void
kernel_clear (Kernel *kernel)
{
  aak_tree_remove (kernel->dir);
  g_free (kernel->dir);
  g_free (kernel->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kernel, kernel_clear)

static AakRaisedLimit *
begin (Kernel *kernel)
{
  AakRaisedLimit *limit = aak_raised_limit_join (kernel->path);
  cr_assert_not_null (limit);
  aak_raised_limit_note (limit, kernel->limit, RAISED);
  kernel->limit = RAISED;
  return limit;
}

static void
end (Kernel *kernel, AakRaisedLimit *limit)
{
  guint32 before;
  if (aak_raised_limit_is_last (limit, &before))
    kernel->limit = before;
  aak_raised_limit_free (limit);
}

Test (raised_limit, one_after_the_other)
{
  g_auto (Kernel) kernel = kernel_new (64);
  for (int i = 0; i < 2; i++)
    {
      AakRaisedLimit *limit = begin (&kernel);
      cr_expect_eq (kernel.limit, RAISED);
      end (&kernel, limit);
      cr_expect_eq (kernel.limit, 64);
    }
}

Test (raised_limit, the_last_of_several_puts_it_back)
{
  g_auto (Kernel) kernel = kernel_new (64);
  AakRaisedLimit *first = begin (&kernel), *second = begin (&kernel);
  end (&kernel, first);
  cr_expect_eq (kernel.limit, RAISED);
  AakRaisedLimit *third = begin (&kernel);
  end (&kernel, second);
  cr_expect_eq (kernel.limit, RAISED);
  end (&kernel, third);
  cr_expect_eq (kernel.limit, 64);
}

Test (raised_limit, what_a_killed_one_has_left)
{
  g_auto (Kernel) kernel = kernel_new (64);
  aak_raised_limit_free (begin (&kernel));
  cr_expect_eq (kernel.limit, RAISED);
  end (&kernel, begin (&kernel));
  cr_expect_eq (kernel.limit, 64);
}

Test (raised_limit, somebody_else_changed_it_since)
{
  g_auto (Kernel) kernel = kernel_new (64);
  aak_raised_limit_free (begin (&kernel));
  kernel.limit = 8192;
  end (&kernel, begin (&kernel));
  cr_expect_eq (kernel.limit, 8192);
}

Test (raised_limit, a_damaged_note_is_none)
{
  static const char *const notes[] = { "", "x", "-1", "99999999999999999999", "0" };
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      g_auto (Kernel) kernel = kernel_new (RAISED);
      aak_raised_limit_free (begin (&kernel));
      cr_assert (g_file_set_contents (kernel.path, notes[i], -1, NULL));
      end (&kernel, begin (&kernel));
      cr_expect_eq (kernel.limit, RAISED, "%s", notes[i]);
    }
}

Test (raised_limit, where_no_lock_can_be)
{
  g_auto (Kernel) kernel = kernel_new (64);
  g_autofree char *path = g_build_filename (kernel.dir, "file/limit.lock", NULL);
  g_autofree char *file = g_build_filename (kernel.dir, "file", NULL);
  cr_assert (g_file_set_contents (file, "", -1, NULL));
  cr_expect_null (aak_raised_limit_join (path));
}
