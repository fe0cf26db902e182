/* SPDX-License-Identifier: GPL-2.0-or-later
 * What one compiled profile allows beyond another, in the words of rules. */
#include "lib/policy/excess.h"
#include "lib/policy/set.h"
#include "tests/unit/policy-fixture.h"

/* The rules @text as the profile p, compiled for @features, of which abi 3.0 does not know all. */
static AakPolicySet *
compile (const char *text, const AakFeatures *features)
{
  static const char *const unpinned[] = { "unix", "dbus" };
  const char *abi = "abi <abi/3.0>,";
  for (guint i = 0; i < G_N_ELEMENTS (unpinned); i++)
    abi = strstr (text, unpinned[i]) != NULL ? "" : abi;
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autofree char *profile = g_strdup_printf ("%s\nprofile p {\n%s\n}\n", abi, text);
  g_autoptr (GBytes) bytes = g_bytes_new (profile, strlen (profile));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s: %s", text, error != NULL ? error->message : "");
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  return set;
}

/* "RULE; RULE but NAME, NAME; ..." */
static char *
show (const GPtrArray *excess, gboolean more)
{
  static const char *const kinds[] = { "", "audit ", "deny " };
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakExcess *one = excess->pdata[i];
      g_string_append_printf (text, "%s%s%s%s", i > 0 ? "; " : "", kinds[one->kind], one->rule,
                              one->unmediated ? " unmediated" : "");
      for (guint j = 0; j < one->but->len; j++)
        g_string_append_printf (text, "%s%s", j > 0 ? ", " : " but ",
                                (const char *) one->but->pdata[j]);
      g_string_append (text, one->more ? ", ..." : "");
    }
  if (more)
    g_string_append (text, "; ...");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
excess_of (const char *one, const char *other, const AakFeatures *features)
{
  g_autoptr (AakPolicySet) a = compile (one, features);
  g_autoptr (AakPolicySet) b = compile (other, features);
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;
  g_autoptr (GPtrArray) excess =
      aak_policy_excess (aak_policy_set_find (a, "p"), aak_policy_set_find (b, "p"), 20, &more,
                         &error);
  cr_assert_not_null (excess, "%s", error != NULL ? error->message : "");
  return show (excess, more);
}

static const struct
{
  char one[200];
  char other[200];
  char excess[400];
} cases[] = {
  { "/a r,", "/a r,", "" },
  { "", "/a r,", "" },
  { "/a r,", "", "/a r" },
  { "/a rw,", "/a r,", "/a w" },
  { "/a/** r,", "", "/a/** r" },
  { "/a/** r,", "/a/* r,", "/a/**/{,**} r" },
  { "/a/** r, /b/** r,", "/a/** r,", "/b/** r" },
  { "/{a,b,c}/* rw,", "", "/a/* rw; /b/* rw; /c/* rw" },
  { "/etc/app/*.conf r,", "", "/etc/app/*.conf r" },
  { "/etc/** r,", "/etc/passwd r,", "/etc/** r but /etc/passwd r" },
  { "/** r,", "/** r, deny /secret/** r,", "/secret/** r" },
  { "/proc/[0-9]*/stat r,", "", "/proc/[0-9]*/stat r" },
  { "/tmp/a?????? w,", "", "/tmp/a?????? w" },
  { "/a/{,**} r,", "", "/a/{,**} r" },
  { "/a/ r, /a/** rw,", "", "/a/** w; /a/{,**} r" },
  { "/p/{[1-9],[1-9][0-9],[1-4][0-9][0-9]}/m r,", "",
    "/p/[1-4][0-9][0-9]/m r; /p/[1-9]{,[0-9]}/m r" },
  { "/{usr/,}lib/** r, /{usr/,}lib/**.so* mr,", "",
    "/lib/** r; /lib/**.so* m; /usr/lib/** r; /usr/lib/**.so* m" },
  { "/a/** r, /a/b w,", "", "/a/** r; /a/b w" },
  { "owner /a r,", "", "owner /a r" },
  { "/a r,", "owner /a r,", "other /a r" },
  { "/usr/lib/**.so* mr,", "", "/usr/lib/**.so* rm" },
  { "/a ix,", "", "/a mix" },
  { "/a px,", "/a ix,", "/a px" },
  { "/a px -> b,", "/a px -> c,", "/a px -> b" },
  { "/a px -> b//&c,", "", "/a px -> b//&c" },
  { "/a px -> b//&c//d,", "", "/a cx -> b//&c//d" },
  { "/bin/* Pix,", "", "/bin/* mPix" },
  { "link /a -> /b,", "", "link /a -> /b" },
  { "/a l,", "", "link subset /a -> /**" },
  { "change_profile -> a,", "",
    "change_profile -> a; owner /proc/*/attr/apparmor/ r; "
    "owner /proc/*/attr/apparmor/current w; owner /proc/*/attr/apparmor/exec w; "
    "owner /proc/*/attr/current w; owner /proc/*/attr/exec w; "
    "owner /sys/module/apparmor/parameters/enabled r" },
  { "capability chown, capability kill,", "capability kill,", "capability chown" },
  { "capability,", "capability,", "" },
  { "network inet stream,", "", "network inet stream" },
  { "network,", "", "network" },
  { "network inet,", "network inet dgram,",
    "network inet packet; network inet raw; network inet rdm; network inet seqpacket; "
    "network inet stream" },
  { "set rlimit nofile <= 5,", "set rlimit nofile <= 4,", "set rlimit nofile <= 5" },
  { "", "set rlimit nofile <= 4,", "set rlimit nofile <= infinity" },
  { "signal,", "", "signal (send, receive)" },
  { "signal send set=(hup term) peer=a,", "", "signal (send) set=(hup, term) peer=a" },
  { "signal,", "signal set=(kill),", "signal (send, receive) set=(all but kill)" },
  { "signal peer=b//*,", "", "signal (send, receive) peer=b//*" },
  { "ptrace read peer=a,", "", "ptrace (read) peer=a" },
  { "ptrace,", "ptrace read,", "ptrace (trace, readby, tracedby)" },
  { "mount,", "", "mount" },
  { "umount /a/,", "", "umount /a/" },
  { "mount fstype=proc options=(ro, nosuid) proc -> /proc/,", "",
    "mount fstype=proc options=(ro, nosuid) proc -> /proc/" },
  { "mount options in (ro, nosuid) /a/ -> /b/,", "", "mount options in (ro, nosuid) /a/ -> /b/" },
  { "pivot_root oldroot=/o/ /n/,", "", "pivot_root oldroot=/o/ /n/" },
  { "audit /a r,", "/a r,", "audit /a r" },
  { "deny /a r,", "", "deny /a r" },
  { "/a r, audit /b r,", "", "/a r; /b r" },
  { "\"/a b*\" r,", "", "/a\\040b* r" },
};

Test (policy_excess, what_is_beyond)
{
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = excess_of (cases[i].one, cases[i].other, features);
      cr_expect_str_eq (found, cases[i].excess, "%s / %s:\n   got %s\n  want %s", cases[i].one,
                        cases[i].other, found, cases[i].excess);
    }
}

/* With unix sockets and D-Bus as Ubuntu's kernels mediate them. */
static const struct
{
  char one[200];
  char other[200];
  char excess[600];
} wide_cases[] = {
  { "unix type=stream,", "unix type=stream,", "" },
  { "dbus send bus=system path=/a interface=b.c member=D peer=(name=e.f),", "",
    "dbus (send) bus=system path=/a interface=b.c member=D peer=(name=e.f)" },
  { "dbus send bus=system,", "", "dbus (send) bus=system" },
  { "dbus,", "", "dbus (bind); dbus (eavesdrop); dbus (send, receive)" },
  { "dbus bind bus=session name=a.b,", "", "dbus (bind) bus=session name=a.b" },
  { "dbus eavesdrop bus=session,", "", "dbus (eavesdrop) bus=session" },
};

Test (policy_excess, what_wider_kernels_mediate)
{
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  for (gsize i = 0; i < G_N_ELEMENTS (wide_cases); i++)
    {
      g_autofree char *found = excess_of (wide_cases[i].one, wide_cases[i].other, features);
      cr_expect_str_eq (found, wide_cases[i].excess, "%s / %s:\n   got %s\n  want %s",
                        wide_cases[i].one, wide_cases[i].other, found, wide_cases[i].excess);
    }
}

Test (policy_excess, a_kernel_that_does_not_mediate)
{
  g_autoptr (AakFeatures) narrow = fixture_features ("debian-12-6.1");
  g_autoptr (AakFeatures) wide = fixture_wide_features ();
  g_autoptr (AakPolicySet) a = compile ("/a r,", narrow);
  g_autoptr (AakPolicySet) b = compile ("/a r,", wide);
  gboolean more = FALSE;
  g_autoptr (GPtrArray) excess = aak_policy_excess (aak_policy_set_find (a, "p"),
                                                    aak_policy_set_find (b, "p"), 20, &more, NULL);
  g_autofree char *found = show (excess, more);
  cr_expect_str_eq (found, "dbus unmediated");
  g_autoptr (GPtrArray) none = aak_policy_excess (aak_policy_set_find (b, "p"),
                                                  aak_policy_set_find (a, "p"), 20, &more, NULL);
  cr_expect_eq (none->len, 0);
}

/* The one does not mediate the class at all. */
Test (policy_excess, keys_of_message_queues)
{
  g_autoptr (GBytes) queues = fixture_policy_file ("ipc-5.0-table.zst");
  g_autoptr (GBytes) none = fixture_policy_file ("inet-5.0-table.zst");
  g_autoptr (AakPolicySet) with = aak_policy_set_new ("t", queues, NULL);
  g_autoptr (AakPolicySet) without = aak_policy_set_new ("t", none, NULL);
  cr_assert (with != NULL && without != NULL);
  const AakPolicyProfile *one = aak_policy_set_find (with, "zz-ipc"),
                         *other = aak_policy_set_find (without, "zz-inet");
  gboolean more = FALSE;
  g_autoptr (GPtrArray) excess = aak_policy_excess (one, other, 20, &more, NULL);
  g_autofree char *found = show (excess, more);
  cr_expect_null (strstr (found, "sysv"), "%s", found);
  g_autoptr (GPtrArray) back = aak_policy_excess (other, one, 20, &more, NULL);
  g_autofree char *lost = show (back, more);
  cr_expect_not_null (strstr (lost, "mqueue type=sysv unmediated"), "%s", lost);
}

/* The same rules, by several parsers and in several forms. */
static const char forms[][2][30] = {
  { "web-4.1-words.zst", "web-4.1-table.zst" },
  { "web-5.0-table.zst", "web-5.0-words.zst" },
  { "web-5.0-pairs.zst", "web-5.0-table.zst" },
  { "ipc-4.1-words.zst", "ipc-5.0-table.zst" },
};

Test (policy_excess, the_form_does_not_matter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      AakPolicySet *sets[2] = { NULL, NULL };
      for (guint j = 0; j < 2; j++)
        {
          g_autoptr (GBytes) blob = fixture_policy_file (forms[i][j]);
          sets[j] = aak_policy_set_new (forms[i][j], blob, NULL);
          cr_assert_not_null (sets[j]);
        }
      GPtrArray *profiles = aak_policy_set_profiles (sets[0]);
      for (guint j = 0; j < profiles->len; j++)
        {
          const AakPolicyProfile *one = profiles->pdata[j],
                                 *other = aak_policy_set_find (sets[1], one->name);
          gboolean more = FALSE;
          cr_assert_not_null (other);
          g_autoptr (GPtrArray) excess = aak_policy_excess (one, other, 5, &more, NULL);
          g_autofree char *found = show (excess, more);
          cr_expect_str_eq (found, "", "%s %s, %s: %s", forms[i][0], forms[i][1], one->name, found);
        }
      aak_policy_set_free (sets[0]);
      aak_policy_set_free (sets[1]);
    }
}
