/* SPDX-License-Identifier: GPL-2.0-or-later
 * What went wrong with some of many texts, told together at the end. */
#pragma once

#include <glib.h>

typedef struct AakFailures AakFailures;

/* None yet. Free with aak_failures_free(). */
AakFailures *aak_failures_new (void);
void aak_failures_free (AakFailures *failures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFailures, aak_failures_free)

/* Adds a copy of @failure. */
void aak_failures_add (AakFailures *failures, const GError *failure);

/* Sets @error to all messages, each once and the first 50, with the code of the first failure;
 * nothing where there is none. */
void aak_failures_raise (const AakFailures *failures, GError **error);
