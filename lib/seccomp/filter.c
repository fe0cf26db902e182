/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Rules into a program, the way that runc goes (libcontainer/seccomp/seccomp_linux.go). */
#include "config.h"

#include "lib/seccomp/filter.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/seccomp/answer.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Every action and flag, whatever the running kernel has: seccomp_api_set(3). */
#define API_LEVEL 6

typedef void Filter;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Filter, seccomp_release)

/* @part: of the profile. @code: what libseccomp gave, a negative errno, or 0. */
static gboolean
fail (const char *what, const char *part, int code, GError **error)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: no filter can be made of it: %s: %s", what,
               part, g_strerror (code < 0 ? -code : EINVAL));
  return FALSE;
}

static gboolean
add_architectures (Filter *filter, const AakSeccompProfile *profile, const char *what,
                   GError **error)
{
  for (guint i = 0; i < profile->architectures->len; i++)
    {
      const char *word = profile->architectures->pdata[i];
      g_autofree char *name = aak_seccomp_arch_word (word);
      guint32 token = seccomp_arch_resolve_name (name);
      int code = token != 0 ? seccomp_arch_add (filter, token) : -EINVAL;
      if (code < 0 && code != -EEXIST)
        return fail (what, word, code, error);
    }
  return TRUE;
}

/* TRUE where two of @args are about the same argument: libseccomp takes one comparison each, and
 * runc makes alternatives of them. */
static gboolean
repeats (const GArray *args)
{
  guint seen = 0;
  for (guint i = 0; i < args->len; i++)
    {
      guint bit = 1u << g_array_index (args, AakSeccompArg, i).index;
      if ((seen & bit) != 0)
        return TRUE;
      seen |= bit;
    }
  return FALSE;
}

static int
add_call (Filter *filter, const AakSeccompRule *rule, int number)
{
  struct scmp_arg_cmp all[AAK_SECCOMP_MAX_ARGS];
  int code = 0;
  for (guint i = 0; i < rule->args->len; i++)
    {
      const AakSeccompArg *arg = &g_array_index (rule->args, AakSeccompArg, i);
      all[i] = (struct scmp_arg_cmp){ arg->index, arg->op, arg->value, arg->value_two };
    }
  if (!repeats (rule->args))
    return seccomp_rule_add_array (filter, rule->action, number, rule->args->len, all);
  for (guint i = 0; code == 0 && i < rule->args->len; i++)
    code = seccomp_rule_add_array (filter, rule->action, number, 1, all + i);
  return code;
}

static gboolean
add_rules (Filter *filter, const AakSeccompProfile *profile, const char *what, GHashTable *unknown,
           GError **error)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakSeccompRule *rule = profile->rules->pdata[i];
      for (guint j = 0; j < rule->names->len; j++)
        {
          const char *name = rule->names->pdata[j];
          int number = seccomp_syscall_resolve_name (name);
          if (number == __NR_SCMP_ERROR)
            g_hash_table_add (unknown, (gpointer) name);
          if (number == __NR_SCMP_ERROR || rule->action == profile->action)
            continue;
          int code = add_call (filter, rule, number);
          if (code < 0)
            return fail (what, name, code, error);
        }
    }
  return TRUE;
}

static gboolean
measure (const Filter *filter, const char *what, guint *out, GError **error)
{
  struct stat st;
  g_auto (AakFd) fd = memfd_create ("seccomp", MFD_CLOEXEC);
  if (fd < 0)
    return aak_error_set_errno (error, errno, "cannot make a file in memory");
  int code = seccomp_export_bpf ((Filter *) filter, fd);
  if (code < 0)
    return fail (what, "its program", code, error);
  if (fstat (fd, &st) < 0)
    return aak_error_set_errno (error, errno, "cannot read a file in memory");
  *out = (guint) ((gsize) st.st_size / sizeof (struct sock_filter));
  if (*out <= BPF_MAXINSNS)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: its filter has %u instructions: the kernel takes %d", what, *out, BPF_MAXINSNS);
  return FALSE;
}

gboolean
aak_seccomp_filter_prove (const AakSeccompProfile *profile, const char *what,
                          guint *out_instructions, GPtrArray **out_unknown, GError **error)
{
  g_autoptr (GHashTable) unknown = g_hash_table_new (g_str_hash, g_str_equal);
  seccomp_api_set (API_LEVEL);
  g_autoptr (Filter) filter = seccomp_init (profile->action);
  if (filter == NULL)
    return fail (what, "its default action", 0, error);
  if (!add_architectures (filter, profile, what, error)
      || !add_rules (filter, profile, what, unknown, error)
      || !measure (filter, what, out_instructions, error))
    return FALSE;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GList) keys = g_hash_table_get_keys (unknown);
  keys = g_list_sort (keys, (GCompareFunc) strcmp);
  for (const GList *key = keys; key != NULL; key = key->next)
    g_ptr_array_add (names, g_strdup (key->data));
  *out_unknown = g_steal_pointer (&names);
  return TRUE;
}
