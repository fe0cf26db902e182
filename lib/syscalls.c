/* SPDX-License-Identifier: LGPL-2.1-or-later
 * libseccomp's tables, and the calls that are newer than they. */
#include "config.h"

#include "lib/syscalls.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#define X32_BIT    0x40000000u
#define MAX_NUMBER 8192u /* above those of every architecture (mips n32: 6000 and some) */

static const struct
{
  const char *word;
  AakArch arch;
} archs[] = {
  { "x86_64", SCMP_ARCH_X86_64 },     { "x86", SCMP_ARCH_X86 },
  { "x32", SCMP_ARCH_X32 },           { "aarch64", SCMP_ARCH_AARCH64 },
  { "arm", SCMP_ARCH_ARM },           { "riscv64", SCMP_ARCH_RISCV64 },
  { "ppc64le", SCMP_ARCH_PPC64LE },   { "ppc64", SCMP_ARCH_PPC64 },
  { "ppc", SCMP_ARCH_PPC },           { "s390x", SCMP_ARCH_S390X },
  { "s390", SCMP_ARCH_S390 },         { "mips", SCMP_ARCH_MIPS },
  { "mips64", SCMP_ARCH_MIPS64 },     { "mips64n32", SCMP_ARCH_MIPS64N32 },
  { "mipsel", SCMP_ARCH_MIPSEL },     { "mipsel64", SCMP_ARCH_MIPSEL64 },
  { "parisc", SCMP_ARCH_PARISC },     { "mipsel64n32", SCMP_ARCH_MIPSEL64N32 },
  { "parisc64", SCMP_ARCH_PARISC64 },
};

/* The calls that kernels got since 5.17 have one number on all architectures (kernel
 * scripts/syscall.tbl); a libseccomp of 2022 does not know them. */
static const struct
{
  guint32 number;
  const char *name;
} newer[] = {
  { 450, "set_mempolicy_home_node" },
  { 451, "cachestat" },
  { 452, "fchmodat2" },
  { 453, "map_shadow_stack" },
  { 454, "futex_wake" },
  { 455, "futex_wait" },
  { 456, "futex_requeue" },
  { 457, "statmount" },
  { 458, "listmount" },
  { 459, "lsm_get_self_attr" },
  { 460, "lsm_set_self_attr" },
  { 461, "lsm_list_modules" },
  { 462, "mseal" },
  { 463, "setxattrat" },
  { 464, "getxattrat" },
  { 465, "listxattrat" },
  { 466, "removexattrat" },
  { 467, "open_tree_attr" },
  { 468, "file_getattr" },
  { 469, "file_setattr" },
};

AakArch
aak_syscall_arch (AakArch arch, guint32 number)
{
  return arch == SCMP_ARCH_X86_64 && (number & X32_BIT) != 0 ? SCMP_ARCH_X32 : arch;
}

const char *
aak_syscall_arch_word (AakArch arch)
{
  for (gsize i = 0; i < G_N_ELEMENTS (archs); i++)
    if (archs[i].arch == arch)
      return archs[i].word;
  return NULL;
}

gboolean
aak_syscall_arch_find (const char *word, AakArch *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (archs); i++)
    if (strcmp (archs[i].word, word) == 0)
      {
        *out = archs[i].arch;
        return TRUE;
      }
  return FALSE;
}

AakArch
aak_syscall_arch_native (void)
{
  return seccomp_arch_native ();
}

GPtrArray *
aak_syscall_archs_here (void)
{
  /* As the container runtimes' default profiles have them (archMap). */
  static const struct
  {
    AakArch arch;
    const char *words[3];
  } families[] = {
    { SCMP_ARCH_X86_64, { "x86_64", "x32", "x86" } },
    { SCMP_ARCH_AARCH64, { "aarch64", "arm" } },
    { SCMP_ARCH_S390X, { "s390", "s390x" } },
    { SCMP_ARCH_MIPS64, { "mips", "mips64", "mips64n32" } },
    { SCMP_ARCH_MIPSEL64, { "mipsel", "mipsel64", "mipsel64n32" } },
  };
  GPtrArray *here = g_ptr_array_new ();
  const AakArch native = aak_syscall_arch_native ();
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    for (gsize k = 0; families[i].arch == native && k < G_N_ELEMENTS (families[i].words); k++)
      if (families[i].words[k] != NULL)
        g_ptr_array_add (here, (gpointer) families[i].words[k]);
  if (here->len == 0)
    g_ptr_array_add (here, (gpointer) aak_syscall_arch_word (native));
  return here;
}

/* As the tables of mips and x32 count, from 4000, 5000, 6000 or the bit on. */
static guint32
common_number (AakArch arch, guint32 number)
{
  switch (arch)
    {
    case SCMP_ARCH_X32:
      return number & ~X32_BIT;
    case SCMP_ARCH_MIPS:
    case SCMP_ARCH_MIPSEL:
      return number - 4000;
    case SCMP_ARCH_MIPS64:
    case SCMP_ARCH_MIPSEL64:
      return number - 5000;
    case SCMP_ARCH_MIPS64N32:
    case SCMP_ARCH_MIPSEL64N32:
      return number - 6000;
    default:
      return number;
    }
}

char *
aak_syscall_name (AakArch arch, guint32 number)
{
  char *known = seccomp_syscall_resolve_num_arch (arch, (int) number);
  if (known != NULL)
    {
      char *name = g_strdup (known);
      free (known);
      return name;
    }
  guint32 common = common_number (arch, number);
  gboolean is_known = aak_syscall_arch_word (arch) != NULL; /* others may count otherwise */
  for (gsize i = 0; is_known && i < G_N_ELEMENTS (newer); i++)
    if (newer[i].number == common)
      return g_strdup (newer[i].name);
  guint32 shown = arch == SCMP_ARCH_X32 ? common : number;
  return shown < MAX_NUMBER ? g_strdup_printf ("#%u", shown) : g_strdup (AAK_SYSCALL_UNKNOWN);
}

/* libseccomp gives calls that another architecture has a number below zero. */
gboolean
aak_syscall_exists (AakArch arch, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (newer); i++)
    if (strcmp (newer[i].name, name) == 0)
      return TRUE;
  return seccomp_syscall_resolve_name_arch (arch, name) >= 0;
}

gboolean
aak_syscall_is_name (const char *text)
{
  gboolean number = *text == '#';
  gsize len = strlen (text += number);
  if (len == 0 || len > (number ? 4 : 64))
    return FALSE;
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isdigit (text[i]) && (number || (!g_ascii_islower (text[i]) && text[i] != '_')))
      return FALSE;
  return TRUE;
}
