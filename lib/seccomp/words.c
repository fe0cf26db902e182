/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Tables of words. */
#include "config.h"

#include "lib/seccomp/words.h"

#include <seccomp.h>
#include <string.h>

/* The value of an action without its number, which is in the lower half: linux/seccomp.h. */
#define ACTION_MASK 0xffff0000u

static const AakSeccompWord actions[] = {
  { "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
  { "SCMP_ACT_LOG", SCMP_ACT_LOG },
  { "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO (0) },
  { "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
  { "SCMP_ACT_TRACE", SCMP_ACT_TRACE (0) },
  { "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
  { "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
  { "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
  { "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
};

static const AakSeccompWord operators[] = {
  { "SCMP_CMP_NE", SCMP_CMP_NE },
  { "SCMP_CMP_LT", SCMP_CMP_LT },
  { "SCMP_CMP_LE", SCMP_CMP_LE },
  { "SCMP_CMP_EQ", SCMP_CMP_EQ },
  { "SCMP_CMP_GE", SCMP_CMP_GE },
  { "SCMP_CMP_GT", SCMP_CMP_GT },
  { "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

static const char *const architectures[] = {
  "SCMP_ARCH_X86",      "SCMP_ARCH_X86_64",      "SCMP_ARCH_X32",
  "SCMP_ARCH_ARM",      "SCMP_ARCH_AARCH64",     "SCMP_ARCH_MIPS",
  "SCMP_ARCH_MIPS64",   "SCMP_ARCH_MIPS64N32",   "SCMP_ARCH_MIPSEL",
  "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC",
  "SCMP_ARCH_PPC64",    "SCMP_ARCH_PPC64LE",     "SCMP_ARCH_S390",
  "SCMP_ARCH_S390X",    "SCMP_ARCH_PARISC",      "SCMP_ARCH_PARISC64",
  "SCMP_ARCH_RISCV64",  "SCMP_ARCH_LOONGARCH64", NULL,
};

static const char *const flags[] = {
  "SECCOMP_FILTER_FLAG_TSYNC",
  "SECCOMP_FILTER_FLAG_LOG",
  "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
  "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
  NULL,
};

static const AakSeccompWord *
find (const AakSeccompWord *words, gsize count, const char *word)
{
  for (gsize i = 0; i < count; i++)
    if (strcmp (words[i].word, word) == 0)
      return &words[i];
  return NULL;
}

const AakSeccompWord *
aak_seccomp_action (const char *word)
{
  return find (actions, G_N_ELEMENTS (actions), word);
}

const AakSeccompWord *
aak_seccomp_operator (const char *word)
{
  return find (operators, G_N_ELEMENTS (operators), word);
}

const char *
aak_seccomp_action_name (guint32 value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].value == (value & ACTION_MASK))
      return actions[i].word;
  return "SCMP_ACT_KILL";
}

gboolean
aak_seccomp_action_has_number (guint32 value)
{
  guint32 action = value & ACTION_MASK;
  return action == SCMP_ACT_ERRNO (0) || action == SCMP_ACT_TRACE (0);
}

gboolean
aak_seccomp_is_architecture (const char *word)
{
  return g_strv_contains (architectures, word);
}

gboolean
aak_seccomp_is_flag (const char *word)
{
  return g_strv_contains (flags, word);
}
