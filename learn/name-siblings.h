/* SPDX-License-Identifier: GPL-2.0-or-later
 * Random names that no single one of them gives away: an application that creates report-ldwdoqol,
 * report-wbkbkzfa and report-qs_e_zqp in one directory will create others of that length behind
 * that stem. */
#pragma once

#include <glib.h>

/* How many names of one length behind one stem, and of which length at least. */
#define AAK_NAME_SIBLINGS_MIN    3
#define AAK_NAME_SIBLINGS_LENGTH 6

/* The pass's name. */
#define AAK_NAME_SIBLINGS_PASS "siblings"

typedef struct AakNameSiblings AakNameSiblings;

AakNameSiblings *aak_name_siblings_new (void);
void aak_name_siblings_free (AakNameSiblings *siblings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakNameSiblings, aak_name_siblings_free)

/* Counts the path @path, which was created; a directory's ends with a slash. */
void aak_name_siblings_count (AakNameSiblings *siblings, const char *path);

/* What stands for the last name of @path, in AppArmor's syntax; NULL where it has too few siblings.
 * Newly allocated. */
char *aak_name_siblings_pattern (const AakNameSiblings *siblings, const char *path);
