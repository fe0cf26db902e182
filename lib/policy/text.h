/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A policy text with all that it includes: its profiles, their rules, and its variables, each with
 * its place. */
#pragma once

#include "lib/policy/rule.h"
#include "lib/policy/source.h"

/* A rule and where it stands. */
typedef struct
{
  AakPolicyRule *rule;
  AakPolicyPlace place;
  AakPolicyPlace own; /* in the text itself: @place, or the include that draws it in */
  gboolean included;
  gboolean optional; /* drawn in by an "include if exists", or within a condition */
} AakPolicyTextRule;

/* A profile, child or hat. */
typedef struct
{
  char *name;           /* "web//child"; NULL where it cannot be told */
  AakPolicyPlace place; /* of its own part of the name */
  AakPolicyPlace own;   /* as of a rule */
  gboolean included;
  gboolean nested;   /* a child or hat */
  gboolean attaches; /* to programs */
  gboolean whole;    /* all that is in it could be read */
  GPtrArray *flags;  /* char* */
  GPtrArray *rules;  /* AakPolicyTextRule */
} AakPolicyTextProfile;

/* A variable that is given values ("@{X} = a b", "@{X} += c"). */
typedef struct
{
  char *name;           /* "X" */
  GPtrArray *values;    /* char*, as the parser has them behind its scanner; NULL: cannot be told */
  AakPolicyPlace place; /* of its first name */
  gboolean included;
} AakPolicyTextVariable;

/* The place where a variable is used. */
typedef struct
{
  char *name;
  AakPolicyPlace place;
  AakPolicyPlace own;
} AakPolicyTextUse;

typedef struct
{
  AakPolicySource *source;
  GPtrArray *profiles;   /* AakPolicyTextProfile, in the order of their headers */
  GHashTable *variables; /* name -> AakPolicyTextVariable */
  GPtrArray *uses;       /* AakPolicyTextUse, the first of each name and kind of place */
  GHashTable *noted;     /* set of those */
  GHashTable *expanded;  /* name -> values without variables (char*), as far as they were needed */
  GArray *comments;      /* of the text itself: AakPolicyPlace */
  gboolean has_abi;      /* itself or in what it includes */
  gboolean has_alias;    /* paths mean others, too */
  gboolean whole;        /* all that it includes could be read */
  AakPolicyPlace stop;   /* where reading the text itself ended early ... */
  char *stopped;         /* ... and why, escaped; NULL where it did not */
} AakPolicyText;

/* Reads @text, which is called @path. Never fails: what cannot be read or told is said in the
 * result. Free with aak_policy_text_free(), before @includes. */
AakPolicyText *aak_policy_text_new (const char *path, GBytes *text, AakPolicyIncludes *includes);
void aak_policy_text_free (AakPolicyText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyText, aak_policy_text_free)

/* Forgets all rules, which take most of the memory. */
void aak_policy_text_drop_rules (AakPolicyText *text);

/* The profile whose full name is @name, or NULL. Owned by @text. */
const AakPolicyTextProfile *aak_policy_text_find (const AakPolicyText *text, const char *name);

/* @pattern of a rule in @profile with its variables' values in their places, as alternatives where
 * they have several. NULL where it cannot be told, or is too long. The caller frees it. */
char *aak_policy_text_expand (const AakPolicyText *text, const AakPolicyTextProfile *profile,
                              const char *pattern);
