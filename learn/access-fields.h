/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the key of an access is made of in each class, and how several details are one text. The
 * state calls the parts by these words. */
#pragma once

#include "learn/event.h"

#define AAK_ACCESS_MAX_DETAILS 5

/* The word of @class in a state ("file"); NULL for a class that is not kept. */
const char *aak_access_class_word (AakClass class);

/* What the name of an access of @class is called ("path"). */
const char *aak_access_name_word (AakClass class);

/* What its details are called: a list that NULL ends, of none, one, or several words. */
const char *const *aak_access_detail_words (AakClass class);

/* The details @values, in the order of the words (NULL: that one was not told), as the one text
 * that an observation keeps. Where a class has a single detail, that is its bytes; several are
 * escaped (lib/escape.h) and separated by tabs, which no escaped text has, and a state writes each
 * under its own word. Newly allocated. */
char *aak_access_pack (AakClass class, const char *const *values);

/* The reverse: as many strings as there are words, empty where there was none. NULL where @detail
 * was not packed for @class. */
char **aak_access_unpack (AakClass class, const char *detail);

/* Name, details and permissions of an access for people: escaped, a blank between them. Newly
 * allocated. */
char *aak_access_text (const char *name, AakClass class, const char *detail, guint perms);
