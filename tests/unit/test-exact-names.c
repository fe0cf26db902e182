/* SPDX-License-Identifier: GPL-2.0-or-later
 * Whatever bytes a name holds, the profile compiles, and the compiled rules match those bytes and
 * no others: random names in every class that has any, asked of the compiled policy. */
#include "learn/access-fields.h"
#include "learn/coverage.h"
#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "learn/self-check.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"
#include "tests/unit/learned.h"

#include <string.h>
#include <sys/mount.h>

#define ROUNDS 12
#define NAMES  12

static void
see (AakObservations *observations, AakClass class, const char *name, const char *const *details,
     guint perms)
{
  g_autofree char *detail = aak_access_pack (class, details);
  g_autoptr (AakObservation) observation = aak_observation_new (class, name, detail);
  AakSighting seen = { 0, 1, 7, 7 };
  observation->perms = perms;
  g_array_append_val (observation->sightings, seen);
  aak_observations_merge (observations, observation);
}

/* --- the classes: how a name is seen, and asked for ------------------------------------------- */

static void
see_file (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_FILE, name, (const char *[]){ NULL }, AAK_PERM_R);
}

static gboolean
ask_file (const AakPolicyProfile *p, const GString *name)
{
  AakName path = { name->str, name->len };
  return aak_policy_query_file (p, path, AAK_MAY_READ, FALSE).allowed;
}

static void
see_link (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_FILE, "/l", (const char *[]){ name }, AAK_PERM_L);
}

static gboolean
ask_link (const AakPolicyProfile *p, const GString *name)
{
  AakName target = { name->str, name->len };
  return aak_policy_query_link (p, aak_name ("/l"), target, FALSE).allowed;
}

static void
see_signal (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_SIGNAL, name, (const char *[]){ "term" }, AAK_PERM_SEND);
}

static gboolean
ask_signal (const AakPolicyProfile *p, const GString *name)
{
  return aak_policy_query_signal (p, 15, name->str, AAK_MAY_SIGNAL_SEND).allowed;
}

static void
see_ptrace (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_PTRACE, name, (const char *[]){ NULL }, AAK_PERM_TRACE);
}

static gboolean
ask_ptrace (const AakPolicyProfile *p, const GString *name)
{
  return aak_policy_query_ptrace (p, name->str, AAK_MAY_PTRACE_TRACE).allowed;
}

static void
see_change_profile (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_CHANGE_PROFILE, name, (const char *[]){ "change_profile" }, 0);
}

static gboolean
ask_change_profile (const AakPolicyProfile *p, const GString *name)
{
  return aak_policy_query_change_profile (p, NULL, name->str).allowed;
}

static void
see_mountpoint (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_MOUNT, name, (const char *[]){ "mount", "x", "tmpfs", "rw, nosuid" }, 0);
}

static gboolean
ask_mount (const AakPolicyProfile *p, AakName target, AakName source, AakName type, guint32 flags)
{
  AakMount mount = { .target = target, .source = source, .type = type, .flags = flags };
  return aak_policy_query_mount (p, &mount).allowed;
}

static gboolean
ask_mountpoint (const AakPolicyProfile *p, const GString *name)
{
  return ask_mount (p, (AakName){ name->str, name->len }, aak_name ("x"), aak_name ("tmpfs"),
                    MS_NOSUID);
}

static void
see_source (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_MOUNT, "/m/", (const char *[]){ "bind", name, NULL, "rw, rbind" }, 0);
}

static gboolean
ask_source (const AakPolicyProfile *p, const GString *name)
{
  return ask_mount (p, aak_name ("/m/"), (AakName){ name->str, name->len }, (AakName){ 0 },
                    MS_BIND | MS_REC);
}

static void
see_fstype (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_MOUNT, "/m/", (const char *[]){ "mount", "x", name, NULL }, 0);
}

static gboolean
ask_fstype (const AakPolicyProfile *p, const GString *name)
{
  return ask_mount (p, aak_name ("/m/"), aak_name ("x"), (AakName){ name->str, name->len }, 0);
}

static void
see_umount (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_MOUNT, name, (const char *[]){ "umount", NULL, NULL, NULL }, 0);
}

static gboolean
ask_umount (const AakPolicyProfile *p, const GString *name)
{
  return aak_policy_query_umount (p, (AakName){ name->str, name->len }).allowed;
}

static void
see_old_root (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_MOUNT, "/new/", (const char *[]){ "pivot_root", name, NULL, NULL }, 0);
}

static gboolean
ask_old_root (const AakPolicyProfile *p, const GString *name)
{
  return aak_policy_query_pivot_root (p, aak_name ("/new/"), (AakName){ name->str, name->len })
      .allowed;
}

/* What the kernel's automaton is asked with, as af_unix.c and the D-Bus daemon make it. */
static gboolean
ask_bytes (const AakPolicyProfile *p, guint8 class, const GString *bytes, guint32 request)
{
  gboolean mediated = FALSE;
  AakName name = { bytes->str, bytes->len };
  AakPerms perms = aak_policy_query_class (p, class, name, FALSE, &mediated);
  cr_assert (mediated);
  return (perms.allow & request) == request;
}

static char *
address_as_the_kernel_prints_it (const char *name)
{
  gboolean hex = FALSE;
  GString *text = g_string_new ("@");
  for (const char *at = name; *at != '\0'; at++)
    hex |= (guchar) *at < 0x21 || (guchar) *at > 0x7e || *at == '"';
  for (const char *at = name; *at != '\0'; at++)
    if (hex)
      g_string_append_printf (text, "%02X", (guchar) *at);
    else
      g_string_append_c (text, *at);
  return g_string_free (text, FALSE);
}

static void
see_address (AakObservations *o, const char *name)
{
  g_autofree char *address = address_as_the_kernel_prints_it (name);
  see (o, AAK_CLASS_UNIX, "stream", (const char *[]){ address, NULL, NULL }, AAK_PERM_BIND);
}

static gboolean
ask_address (const AakPolicyProfile *p, const GString *name)
{
  g_autoptr (GString) bytes = g_string_new_len ("\0\1\0\1\0\0\0", 7);
  g_string_append_len (bytes, name->str, (gssize) name->len);
  g_string_append_len (bytes, "\0k8s-t\0", 7);
  return ask_bytes (p, AAK_POLICY_CLASS_NETWORK, bytes, AAK_MAY_NET_BIND);
}

static void
see_peer_address (AakObservations *o, const char *name)
{
  g_autofree char *address = address_as_the_kernel_prints_it (name);
  see (o, AAK_CLASS_UNIX, "dgram", (const char *[]){ "none", address, "q" }, AAK_PERM_SEND);
}

/* From "none" on: the peer's address and label. */
static gboolean
ask_peer (const AakPolicyProfile *p, const GString *address, const char *label)
{
  g_autoptr (GString) bytes = g_string_new_len ("\0\1\0\2\0\0\1\0k8s-t\0\1\0", 16);
  g_string_append_len (bytes, address->str, (gssize) address->len);
  g_string_append_c (bytes, '\0');
  g_string_append (bytes, label);
  return ask_bytes (p, AAK_POLICY_CLASS_NETWORK, bytes, AAK_MAY_NET_SEND);
}

static gboolean
ask_peer_address (const AakPolicyProfile *p, const GString *name)
{
  return ask_peer (p, name, "q");
}

static void
see_peer_label (AakObservations *o, const char *name)
{
  see (o, AAK_CLASS_UNIX, "dgram", (const char *[]){ "none", "@srv", name }, AAK_PERM_SEND);
}

static gboolean
ask_peer_label (const AakPolicyProfile *p, const GString *name)
{
  g_autoptr (GString) address = g_string_new ("srv");
  return ask_peer (p, address, name->str);
}

static gboolean
ask_dbus (const AakPolicyProfile *p, const char *name, const char *label, const char *path,
          const char *interface, const char *member)
{
  const char *const parts[] = { "system", name, label, path, interface, member };
  g_autoptr (GString) bytes = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (i > 0)
        g_string_append_c (bytes, '\0');
      g_string_append (bytes, parts[i]);
    }
  return ask_bytes (p, AAK_POLICY_CLASS_DBUS, bytes, AAK_MAY_WRITE);
}

#define DBUS_CASE(part, n, l, pa, i, m)                                                   \
  static void see_dbus_##part (AakObservations *o, const char *name)                      \
  {                                                                                       \
    see (o, AAK_CLASS_DBUS, "system", (const char *[]){ pa, i, m, n, l }, AAK_PERM_SEND); \
  }                                                                                       \
  static gboolean ask_dbus_##part (const AakPolicyProfile *p, const GString *text)        \
  {                                                                                       \
    const char *name = text->str;                                                         \
    return ask_dbus (p, n, l, pa, i, m);                                                  \
  }

DBUS_CASE (name, name, "q", "/p", "i", "m")
DBUS_CASE (label, "n", name, "/p", "i", "m")
DBUS_CASE (path, "n", "q", name, "i", "m")
DBUS_CASE (interface, "n", "q", "/p", name, "m")
DBUS_CASE (member, "n", "q", "/p", "i", name)

static const struct
{
  const char *what;
  const char *begin; /* what names of the kind begin with */
  void (*see) (AakObservations *observations, const char *name);
  gboolean (*ask) (const AakPolicyProfile *profile, const GString *name);
} kinds[] = {
  { "file", "/", see_file, ask_file },
  { "link target", "/", see_link, ask_link },
  { "signal peer", "a", see_signal, ask_signal },
  { "ptrace peer", "a", see_ptrace, ask_ptrace },
  { "change_profile", "a", see_change_profile, ask_change_profile },
  { "mount point", "/", see_mountpoint, ask_mountpoint },
  { "mount source", "/", see_source, ask_source },
  { "file system type", "t", see_fstype, ask_fstype },
  { "umount", "/", see_umount, ask_umount },
  { "old root", "/", see_old_root, ask_old_root },
  { "unix address", "s", see_address, ask_address },
  { "unix peer address", "s", see_peer_address, ask_peer_address },
  { "unix peer label", "a", see_peer_label, ask_peer_label },
  { "dbus name", "n", see_dbus_name, ask_dbus_name },
  { "dbus label", "a", see_dbus_label, ask_dbus_label },
  { "dbus path", "/", see_dbus_path, ask_dbus_path },
  { "dbus interface", "i", see_dbus_interface, ask_dbus_interface },
  { "dbus member", "m", see_dbus_member, ask_dbus_member },
};

/* --- random names ----------------------------------------------------------------------------- */

static char
random_byte (GRand *rand, gboolean special)
{
  static const char bytes[] = "/{}[]*?\\\"@^,# \n'$&()<>=!|:;~%-+.a0A";
  return special ? bytes[g_rand_int_range (rand, 0, sizeof bytes - 1)]
                 : (char) g_rand_int_range (rand, 1, 256);
}

static GString *
random_name (GRand *rand, const char *begin)
{
  GString *name = g_string_new (begin);
  gboolean special = g_rand_boolean (rand);
  for (gint32 len = g_rand_int_range (rand, 1, 12); len > 0; len--)
    g_string_append_c (name, random_byte (rand, special));
  return name;
}

/* Another name, one byte away from @name. */
static GString *
mutate (GRand *rand, const GString *name)
{
  GString *other = g_string_new_len (name->str, (gssize) name->len);
  gssize at = g_rand_int_range (rand, 1, (gint32) name->len);
  switch (g_rand_int_range (rand, 0, 3))
    {
    case 0:
      g_string_erase (other, at, 1);
      break;
    case 1:
      g_string_insert_c (other, at, random_byte (rand, TRUE));
      break;
    default:
      other->str[at] = random_byte (rand, g_rand_boolean (rand));
      break;
    }
  return other;
}

static gboolean
contains (GPtrArray *names, const GString *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_string_equal (names->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* --- compiling ----------------------------------------------------------------------------------
 */

/* The profile for @abi with all of its rules active. */
static char *
text_of (const AakObservations *observations, AakAbi abi)
{
  g_autoptr (AakProfile) profile = aak_generalise (observations, TRUE);
  aak_writable_set_abi (profile, abi);
  for (guint i = 0; i < profile->rules->len; i++)
    ((AakRule *) profile->rules->pdata[i])->review = NULL;
  return aak_profile_to_text (profile);
}

/* The state keeps the bytes too. */
static void
check_comes_back (const AakObservations *observations, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) yaml = aak_state_to_yaml (observations);
  g_autoptr (AakObservations) back = aak_state_from_yaml ("s", yaml, &error);
  cr_assert_not_null (back, "%s: %s", what, error != NULL ? error->message : "");
  g_autoptr (GBytes) again = aak_state_to_yaml (back);
  cr_expect (g_bytes_equal (yaml, again), "%s", what);
  g_autofree char *text = text_of (observations, AAK_ABI_3_0),
                  *text_back = text_of (back, AAK_ABI_3_0);
  cr_expect_str_eq (text, text_back);
}

static void
check_kind (guint kind, GRand *rand, const AakCompiler *compiler, const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < NAMES; i++)
    {
      g_ptr_array_add (names, random_name (rand, kinds[kind].begin));
      kinds[kind].see (observations, ((GString *) names->pdata[i])->str);
    }
  check_comes_back (observations, kinds[kind].what);
  g_autofree char *text = text_of (observations, AAK_ABI_3_0);
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_assert_not_null (blob, "%s: %s\n%s", kinds[kind].what, error ? error->message : "", text);
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  const AakPolicyProfile *profile = aak_policy_set_find (set, "k8s-t");
  g_autoptr (GArray) coverage = aak_coverage_ask_all (set, profile, observations);
  cr_expect_eq (aak_coverage_count (coverage, AAK_COVERAGE_ALLOWED), coverage->len, "%s\n%s",
                kinds[kind].what, text);
  for (guint i = 0; i < names->len; i++)
    {
      cr_expect (kinds[kind].ask (profile, names->pdata[i]), "%s: '%s' is not allowed\n%s",
                 kinds[kind].what, ((GString *) names->pdata[i])->str, text);
      for (int k = 0; k < 8; k++)
        {
          GString *other = mutate (rand, names->pdata[i]);
          if (!contains (names, other))
            cr_expect_not (kinds[kind].ask (profile, other), "%s: '%s' is allowed\n%s",
                           kinds[kind].what, other->str, text);
          g_string_free (other, TRUE);
        }
    }
  for (guint i = 0; i < names->len; i++)
    g_string_free (names->pdata[i], TRUE);
}

Test (exact_names, compiled_rules_match_just_the_bytes_that_were_seen)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (33);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (int round = 0; round < ROUNDS; round++)
      check_kind (kind, rand, compiler, features);
}

/* Parsers before 4.1 read more than one kind of mount out of `options=(rw, rbind)`. */
Test (exact_names, a_change_of_mounts_is_no_leave_to_mount)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
  see (observations, AAK_CLASS_MOUNT, "/m/", (const char *[]){ "bind", "/s/", NULL, "rw, rbind" },
       0);
  see (observations, AAK_CLASS_MOUNT, "/m/", (const char *[]){ "bind", "/s/", NULL, "ro, bind" },
       0);
  see (observations, AAK_CLASS_MOUNT, "/m/", (const char *[]){ "move", "/s/", NULL, "rw, move" },
       0);
  see (observations, AAK_CLASS_MOUNT, "/m/",
       (const char *[]){ "propagation", NULL, NULL, "rw, rprivate" }, 0);
  g_autofree char *text = text_of (observations, AAK_ABI_3_0);
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  const AakPolicyProfile *profile = aak_policy_set_find (set, "k8s-t");
  g_autoptr (GArray) coverage = aak_coverage_ask_all (set, profile, observations);
  cr_expect_eq (aak_coverage_count (coverage, AAK_COVERAGE_ALLOWED), 4, "%s", text);
  for (guint32 flag = 0; flag <= MS_NOSUID; flag++)
    cr_expect_not (ask_mount (profile, aak_name ("/m/"), aak_name ("x"), aak_name ("tmpfs"), flag),
                   "%s", text);
}

/* --- any state at all ---------------------------------------------------------------------------
 */

static const char *const words[] = {
  "",
  "inet",
  "stream",
  "unix",
  "chown",
  "term",
  "nofile",
  "65536",
  "mount",
  "bind",
  "umount",
  "remount",
  "move",
  "system",
  "pivot_root",
  "posix",
  "sysv",
  "/q",
  "rw",
  "create",
  "sqpoll",
  "none",
  "@x",
  "@00",
  "/",
  "q//r",
  "rw, bind",
  "nice",
  "stack",
  "7",
  "cpu",
  "rttime",
  "-1",
  "hup, /** rwix,\n",
  "rw) /** -> /**,\n  mount options=(rw",
};

static char *
random_part (GRand *rand)
{
  if (g_rand_boolean (rand))
    return g_strdup (words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  return g_string_free (random_name (rand, g_rand_boolean (rand) ? "/" : ""), FALSE);
}

/* States are files: their words and permissions may be anything. */
static void
see_anything (AakObservations *observations, GRand *rand)
{
  AakClass class = (AakClass) g_rand_int_range (rand, AAK_CLASS_FILE, AAK_CLASS_POLICY);
  g_autofree char *name = random_part (rand);
  g_autoptr (GPtrArray) details = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < AAK_ACCESS_MAX_DETAILS; i++)
    g_ptr_array_add (details, random_part (rand));
  guint perms = g_rand_int (rand) & 0x1fffffff;
  if (g_rand_boolean (rand))
    perms &= g_rand_int (rand) & g_rand_int (rand) & g_rand_int (rand);
  see (observations, class, name, (const char *const *) details->pdata, perms);
}

/* What the profile does not hold back it allows. @all: nothing waits for review. */
static void
check_covers_itself (const AakObservations *observations, AakAbi abi, gboolean exact, gboolean all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_generalise_traced (observations, exact, &trace);
  aak_writable_set_abi (profile, abi);
  for (guint i = 0; all && i < profile->rules->len; i++)
    ((AakRule *) profile->rules->pdata[i])->review = NULL;
  g_autofree char *text = aak_profile_to_text (profile);
  g_auto (AakSelfCheck) check = { 0 };
  cr_expect (aak_self_check_make (profile, trace, text, &check, &error), "%s\n%s",
             error != NULL ? error->message : "", text);
  cr_expect (error != NULL || check.unmade == NULL, "%s", check.unmade);
}

static void
check_compiles (const AakObservations *observations, AakAbi abi, const AakCompiler *compiler,
                const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = text_of (observations, abi);
  cr_expect_null (strstr (text, "\n/**"));
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
}

Test (exact_names, the_profile_of_any_state_compiles_and_covers_it)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (34);
  g_autofree char *newer = g_build_filename (aak_compiler_base (compiler), "abi/4.0", NULL);
  gboolean has_newer = g_file_test (newer, G_FILE_TEST_EXISTS);
  for (int round = 0; round < 40; round++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
      for (int i = 0; i < 40; i++)
        see_anything (observations, rand);
      check_compiles (observations, AAK_ABI_3_0, compiler, features);
      check_covers_itself (observations, AAK_ABI_3_0, round % 2 == 0, round % 3 != 0);
      if (!has_newer)
        continue;
      check_compiles (observations, AAK_ABI_4_0, compiler, features);
      check_covers_itself (observations, AAK_ABI_4_0, round % 2 == 0, round % 3 != 0);
    }
}
