/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The AppArmor label of a task, as /proc tells it. */
#pragma once

#include <glib.h>

/* Reads the label of the task whose directory in /proc is open as @dir, which @shown names in
 * messages: "LABEL (MODE)", or "unconfined", without the newline. NOT_FOUND where the task is gone,
 * or the kernel has no such file. The caller frees it. */
char *aak_task_label_read (int dir, const char *shown, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Cuts the mode and the blank before it off @label, and gives it: "enforce"; NULL where there is
 * none. A label may itself hold blanks and parentheses. The caller frees it. */
char *aak_task_label_cut_mode (char *label);
