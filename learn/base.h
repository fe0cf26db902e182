/* SPDX-License-Identifier: GPL-2.0-or-later
 * A profile by another hand, as text and compiled, that learned rules are to join. */
#pragma once

#include "learn/learned-block.h"
#include "lib/policy/open.h"

typedef struct AakBase AakBase;

/* One text of the base, as it is or with rules in it. */
typedef struct
{
  GBytes *text;
  GBytes *blob; /* compiled */
  AakPolicySet *set;
  const AakPolicyProfile *profile; /* of @set: the one that rules join */
} AakBaseText;

void aak_base_text_free (AakBaseText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBaseText, aak_base_text_free)

/* Reads the text @path, finds the profile @label in it, and compiles it; @where as for
 * aak_policy_open(), copied. INVALID, as "PATH:LINE:COLUMN: why", where it cannot be told where the
 * profile ends, or the text has no such profile in its own words; NOT_FOUND, POLICY, COMPILER or
 * APPARMOR_OFF as aak_policy_open() has them. Free with aak_base_free(). */
AakBase *aak_base_open (const char *path, const char *label, const AakPolicyOpen *where,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_base_free (AakBase *base);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBase, aak_base_free)

/* The same for @text, one of @base's, and another profile of it: @label. */
AakBase *aak_base_go_on (const AakBase *base, const AakBaseText *text, const char *label,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where the text has the profile @label in its own words, and compiled. */
gboolean aak_base_has (const AakBase *base, const char *label);

/* TRUE where the profile has children or hats in the text. */
gboolean aak_base_has_children (const AakBase *base);

/* Its path, escaped; its label; and the text as it is. Owned by @base. */
const char *aak_base_name (const AakBase *base);
const char *aak_base_label (const AakBase *base);
const AakBaseText *aak_base_text (const AakBase *base);

/* The text with @lines (see aak_learned_block_join()) in the profile, compiled. POLICY where it
 * does not compile; the caller frees it. */
AakBaseText *aak_base_join (const AakBase *base, GPtrArray *lines,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The base with @lines, as above, and behind the rules of the profile @children, the text of @n
 * profiles inside of it. POLICY where it does not compile, or something is not as it was before,
 * see below; the caller frees it. */
AakBase *aak_base_add_children (const AakBase *base, GPtrArray *lines, const char *children,
                                guint n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where @text, one with lines in it, allows all that the base allows, and its other profiles
 * are the same; POLICY where they are not. */
gboolean aak_base_is_kept (const AakBase *base, const AakBaseText *text,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
