/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which state files the words of a command line mean. */
#pragma once

#include <glib.h>

#define AAK_STATE_NAMES_MAX_BYTES (64u << 20)

/* The paths (char*, owned by the array) that @words (NULL-terminated) stand for, each once, in
 * their order: a file stands for itself, a directory for the states (*.learned.yaml) that lie
 * directly in it, by their names. @list (or NULL) is a file of such words, "-" being standard
 * input: one a line, or, where there is a NUL in it, with a NUL behind each. NOT_FOUND where a
 * directory has no state, or a list no word. */
GPtrArray *aak_state_names (char **words, const char *list,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
