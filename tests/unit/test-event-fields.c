/* SPDX-License-Identifier: GPL-2.0-or-later
 * Every field that the kernel's AppArmor writes, class by class, comes out under its own name and
 * decoded. The rows follow the functions that write them, from 4.4 to 7.x and with Ubuntu's
 * additions. */
#include "learn/event-json.h"

#include <criterion/criterion.h>
#include <string.h>

#define STAMP "audit(1795295848.744:4): "

static const struct
{
  const char *record;
  const char *members; /* of the JSON object, between time and position */
} rows
    [] = {
      /* audit.c, audit_pre(); file.c, file_audit_cb() */
      { "apparmor=\"ALLOWED\" operation=\"open\" class=\"file\" profile=\"p\" name=\"/a\" pid=1 comm=\"c\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=100",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"open\",\"class\":\"file\",\"profile\":\"p\",\"name\":\"/a\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"r\",\"denied_mask\":\"r\",\"fsuid\":0,\"ouid\":100" },
      { "apparmor=\"DENIED\" operation=\"open\" class=\"file\" namespace=\"root//ns\" profile=\"p\" name=2F6120FF pid=1 comm=632064 requested_mask=\"wrc\" denied_mask=\"wc\" fsuid=1000 ouid=0",
        "\"apparmor\":\"DENIED\",\"operation\":\"open\",\"class\":\"file\",\"kernel_namespace\":\"root//ns\",\"profile\":\"p\",\"name\":\"/a \\\\xff\",\"pid\":1,\"comm\":\"c d\",\"requested_mask\":\"wrc\",\"denied_mask\":\"wc\",\"fsuid\":1000,\"ouid\":0" },
      { "apparmor=\"DENIED\" operation=\"open\" info=\"Failed name lookup - disconnected path\" error=-13 profile=\"p\" name=\"run/x\" pid=1 comm=\"c\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0",
        "\"apparmor\":\"DENIED\",\"operation\":\"open\",\"info\":\"Failed name lookup - disconnected path\",\"error\":-13,\"profile\":\"p\",\"name\":\"run/x\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"r\",\"denied_mask\":\"r\",\"fsuid\":0,\"ouid\":0" },
      { "apparmor=\"DENIED\" operation=\"open\" class=\"file\" info=\"Failed name lookup - deleted entry\" error=-2 profile=\"p\" name=\"/tmp/x\" pid=1 comm=\"c\" requested_mask=\"wr\" denied_mask=\"wr\" fsuid=0 ouid=0",
        "\"apparmor\":\"DENIED\",\"operation\":\"open\",\"class\":\"file\",\"info\":\"Failed name lookup - deleted entry\",\"error\":-2,\"profile\":\"p\",\"name\":\"/tmp/x\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"wr\",\"denied_mask\":\"wr\",\"fsuid\":0,\"ouid\":0" },
      { "apparmor=\"DENIED\" operation=\"file_inherit\" class=\"file\" info=\"Failed name lookup - name too long\" error=-36 profile=\"p\" pid=1 comm=\"c\" requested_mask=\"w\" denied_mask=\"w\" fsuid=0 ouid=0",
        "\"apparmor\":\"DENIED\",\"operation\":\"file_inherit\",\"class\":\"file\",\"info\":\"Failed name lookup - name too long\",\"error\":-36,\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"w\",\"denied_mask\":\"w\",\"fsuid\":0,\"ouid\":0" },
      { "apparmor=\"ALLOWED\" operation=\"link\" class=\"file\" info=\"link not subset of target\" error=-13 profile=\"p\" name=\"/b\" pid=1 comm=\"c\" requested_mask=\"l\" denied_mask=\"l\" fsuid=0 ouid=0 target=\"/a\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"link\",\"class\":\"file\",\"info\":\"link not subset of target\",\"error\":-13,\"profile\":\"p\",\"name\":\"/b\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"l\",\"denied_mask\":\"l\",\"fsuid\":0,\"ouid\":0,\"target\":\"/a\"" },
      { "apparmor=\"ALLOWED\" operation=\"rename_dest\" class=\"file\" profile=\"p\" name=\"/b\" pid=1 comm=\"c\" requested_mask=\"wc\" denied_mask=\"wc\" fsuid=0 ouid=0", "\"apparmor\":\"ALLOWED\",\"operation\":\"rename_dest\",\"class\":\"file\",\"profile\":\"p\",\"name\":\"/b\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"wc\",\"denied_mask\":\"wc\",\"fsuid\":0,\"ouid\":0" },
      { "apparmor=\"ALLOWED\" operation=\"setattr\" class=\"file\" profile=\"p\" name=\"/b\" pid=1 comm=\"c\" requested_mask=\"w\" denied_mask=\"w\" fsuid=0 ouid=0",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"setattr\",\"class\":\"file\",\"profile\":\"p\",\"name\":\"/b\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"w\",\"denied_mask\":\"w\",\"fsuid\":0,\"ouid\":0" },
      /* file.c from domain.c, profile_transition() and its like */
      { "apparmor=\"ALLOWED\" operation=\"exec\" class=\"file\" profile=\"p\" name=\"/bin/sh\" pid=1 comm=\"c\" requested_mask=\"x\" denied_mask=\"x\" fsuid=0 ouid=0 target=\"p//null-/bin/sh\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"exec\",\"class\":\"file\",\"profile\":\"p\",\"name\":\"/bin/sh\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"x\",\"denied_mask\":\"x\",\"fsuid\":0,\"ouid\":0,\"target\":\"p//null-/bin/sh\"" },
      { "apparmor=\"AUDIT\" operation=\"exec\" class=\"file\" info=\"ix fallback\" error=-13 profile=\"p\" name=\"/bin/sh\" pid=1 comm=\"c\" requested_mask=\"x\" fsuid=0 ouid=0 target=\"p\"",
        "\"apparmor\":\"AUDIT\",\"operation\":\"exec\",\"class\":\"file\",\"info\":\"ix fallback\",\"error\":-13,\"profile\":\"p\",\"name\":\"/bin/sh\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"x\",\"fsuid\":0,\"ouid\":0,\"target\":\"p\"" },
      { "apparmor=\"DENIED\" operation=\"exec\" class=\"file\" info=\"conflicting profile attachments - ix fallback\" error=-13 profile=\"p\" name=\"/bin/sh\" pid=1 comm=\"c\" requested_mask=\"x\" denied_mask=\"x\" fsuid=0 ouid=0 target=702F2F612062",
        "\"apparmor\":\"DENIED\",\"operation\":\"exec\",\"class\":\"file\",\"info\":\"conflicting profile attachments - ix fallback\",\"error\":-13,\"profile\":\"p\",\"name\":\"/bin/sh\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"x\",\"denied_mask\":\"x\",\"fsuid\":0,\"ouid\":0,\"target\":\"p//a b\"" },
      { "apparmor=\"DENIED\" operation=\"change_onexec\" class=\"file\" info=\"label not found\" error=-2 profile=\"unconfined\" name=\"q\" pid=1 comm=\"c\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"change_onexec\",\"class\":\"file\",\"info\":\"label not found\",\"error\":-2,\"profile\":\"unconfined\",\"name\":\"q\",\"pid\":1,\"comm\":\"c\"" },
      { "apparmor=\"DENIED\" operation=\"change_profile\" class=\"file\" info=\"no new privs\" error=-1 profile=\"p\" name=\"q\" pid=1 comm=\"c\" target=\"q\"", "\"apparmor\":\"DENIED\",\"operation\":\"change_profile\",\"class\":\"file\",\"info\":\"no new privs\",\"error\":-1,\"profile\":\"p\",\"name\":\"q\",\"pid\":1,\"comm\":\"c\",\"target\":\"q\"" },
      { "apparmor=\"DENIED\" operation=\"change_hat\" class=\"file\" info=\"unconfined can not change_hat\" error=-1 profile=\"unconfined\" pid=1 comm=\"c\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"change_hat\",\"class\":\"file\",\"info\":\"unconfined can not change_hat\",\"error\":-1,\"profile\":\"unconfined\",\"pid\":1,\"comm\":\"c\"" },
      { "apparmor=\"DENIED\" operation=\"stack_onexec\" class=\"file\" profile=\"p\" name=\"q\" pid=1 comm=\"c\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"stack_onexec\",\"class\":\"file\",\"profile\":\"p\",\"name\":\"q\",\"pid\":1,\"comm\":\"c\"" },
      /* capability.c, audit_cb(), with the two blanks of lsm_audit.c */
      { "apparmor=\"DENIED\" operation=\"capable\" class=\"cap\" profile=\"p\" pid=1 comm=\"c\" capability=21  capname=\"sys_admin\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"capable\",\"class\":\"cap\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"capability\":21,\"capname\":\"sys_admin\"" },
      { "apparmor=\"ALLOWED\" operation=\"capable\" info=\"optional: no audit\" error=-1 profile=\"p\" pid=1 comm=\"c\" capability=12  capname=\"net_admin\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"capable\",\"info\":\"optional: no audit\",\"error\":-1,\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"capability\":12,\"capname\":\"net_admin\"" },
      /* net.c, audit_net_cb(), after lsm_audit.c's addresses */
      { "apparmor=\"ALLOWED\" operation=\"create\" class=\"net\" profile=\"p\" pid=1 comm=\"c\" family=\"inet\" sock_type=\"stream\" protocol=6 requested_mask=\"create\" denied_mask=\"create\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"create\",\"class\":\"net\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"family\":\"inet\",\"sock_type\":\"stream\",\"protocol\":6,\"requested_mask\":\"create\",\"denied_mask\":\"create\"" },
      { "apparmor=\"ALLOWED\" operation=\"sendmsg\" class=\"net\" profile=\"p\" pid=1 comm=\"c\" laddr=10.0.0.1 lport=53 faddr=10.0.0.2 fport=4000 saddr=10.0.0.1 src=53 daddr=10.0.0.2 dest=4000 netif=eth0 family=\"inet\" sock_type=\"dgram\" protocol=17 requested_mask=\"send\" denied_mask=\"send\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"sendmsg\",\"class\":\"net\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"laddr\":\"10.0.0.1\",\"lport\":53,\"faddr\":\"10.0.0.2\",\"fport\":4000,\"saddr\":\"10.0.0.1\",\"src\":53,\"daddr\":\"10.0.0.2\",\"dest\":4000,\"netif\":\"eth0\",\"family\":\"inet\",\"sock_type\":\"dgram\",\"protocol\":17,\"requested_mask\":\"send\",\"denied_mask\":\"send\"" },
      { "apparmor=\"ALLOWED\" operation=\"bind\" profile=\"p\" pid=1 comm=\"c\" laddr=fe80::1 lport=53 family=\"inet6\" sock_type=\"unknown(11)\" protocol=17 requested_mask=\"bind\" denied_mask=\"bind\"", "\"apparmor\":\"ALLOWED\",\"operation\":\"bind\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"laddr\":\"fe80::1\",\"lport\":53,\"family\":\"inet6\",\"sock_type\":\"unknown(11)\",\"protocol\":17,\"requested_mask\":\"bind\",\"denied_mask\":\"bind\"" },
      { "apparmor=\"ALLOWED\" operation=\"create\" profile=\"p\" pid=1 comm=\"c\" family=\"unknown(46)\" sock_type=\"raw\" protocol=0 requested_mask=\"create setcred\" denied_mask=\"create\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"create\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"family\":\"unknown(46)\",\"sock_type\":\"raw\",\"protocol\":0,\"requested_mask\":\"create setcred\",\"denied_mask\":\"create\"" },
      { "apparmor=\"ALLOWED\" operation=\"recvmsg\" class=\"net\" profile=\"p\" pid=1 comm=\"c\" path=\"/run/s\" family=\"unix\" sock_type=\"stream\" protocol=0 requested_mask=\"receive\" denied_mask=\"receive\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"recvmsg\",\"class\":\"net\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"path\":\"/run/s\",\"family\":\"unix\",\"sock_type\":\"stream\",\"protocol\":0,\"requested_mask\":\"receive\",\"denied_mask\":\"receive\"" },
      { "apparmor=\"ALLOWED\" operation=\"recvmsg\" class=\"net\" profile=\"p\" pid=1 comm=\"c\" path=00612062 family=\"unix\" sock_type=\"stream\" protocol=0 requested_mask=\"receive\" denied_mask=\"receive\"",
        "\"apparmor\":\"ALLOWED\",\"operation\":\"recvmsg\",\"class\":\"net\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"path\":\"\\\\x00a b\",\"family\":\"unix\",\"sock_type\":\"stream\",\"protocol\":0,\"requested_mask\":\"receive\",\"denied_mask\":\"receive\"" },
      { "apparmor=\"DENIED\" operation=\"connect\" class=\"net\" profile=\"p\" pid=1 comm=\"c\" family=\"unix\" sock_type=\"stream\" protocol=0 requested_mask=\"send receive connect\" denied_mask=\"send connect\" addr=none peer_addr=\"@/tmp/.X11-unix/X0\" peer=\"unconfined\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"connect\",\"class\":\"net\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"family\":\"unix\",\"sock_type\":\"stream\",\"protocol\":0,\"requested_mask\":\"send receive connect\",\"denied_mask\":\"send connect\",\"addr\":\"none\",\"peer_addr\":\"@/tmp/.X11-unix/X0\",\"peer\":\"unconfined\"" },
      { "apparmor=\"DENIED\" operation=\"bind\" class=\"net\" profile=\"p\" pid=1 comm=\"c\" family=\"unix\" sock_type=\"stream\" protocol=0 requested_mask=\"bind\" denied_mask=\"bind\" addr=\"@2F746D70002078\"", "\"apparmor\":\"DENIED\",\"operation\":\"bind\",\"class\":\"net\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"family\":\"unix\",\"sock_type\":\"stream\",\"protocol\":0,\"requested_mask\":\"bind\",\"denied_mask\":\"bind\",\"addr\":\"@2F746D70002078\"" },
      { "apparmor=\"DENIED\" operation=\"sendmsg\" profile=\"p\" pid=1 comm=\"c\" family=\"unix\" sock_type=\"dgram\" protocol=0 requested=\"send\" denied=\"send\" addr=2F746D702F612062 peer_addr=\"/run/s\" peer=6120622F2F2671",
        "\"apparmor\":\"DENIED\",\"operation\":\"sendmsg\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"family\":\"unix\",\"sock_type\":\"dgram\",\"protocol\":0,\"requested\":\"send\",\"denied\":\"send\",\"addr\":\"/tmp/a b\",\"peer_addr\":\"/run/s\",\"peer\":\"a b//&q\"" },
      /* af_unix.c, unix_fs_perm(): by file.c's function */
      { "apparmor=\"DENIED\" operation=\"connect\" profile=\"p\" name=\"/run/s\" pid=1 comm=\"c\" requested_mask=\"wr\" denied_mask=\"wr\" fsuid=0 ouid=0",
        "\"apparmor\":\"DENIED\",\"operation\":\"connect\",\"profile\":\"p\",\"name\":\"/run/s\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"wr\",\"denied_mask\":\"wr\",\"fsuid\":0,\"ouid\":0" },
      /* task.c, audit_ptrace_cb(); ipc.c, audit_signal_cb() */
      { "apparmor=\"DENIED\" operation=\"ptrace\" class=\"ptrace\" profile=\"p\" pid=1 comm=\"c\" requested_mask=\"readby\" denied_mask=\"readby\" peer=\":ns://q\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"ptrace\",\"class\":\"ptrace\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"readby\",\"denied_mask\":\"readby\",\"peer\":\":ns://q\"" },
      { "apparmor=\"DENIED\" operation=\"signal\" class=\"signal\" profile=\"p\" pid=1 comm=\"c\" requested_mask=\"send\" denied_mask=\"send\"signal=unknown(70) peer=\"q//&r\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"signal\",\"class\":\"signal\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"send\",\"denied_mask\":\"send\",\"signal\":\"unknown(70)\",\"peer\":\"q//&r\"" },
      { "apparmor=\"DENIED\" operation=\"signal\" class=\"signal\" profile=\"p\" pid=1 comm=\"c\" requested_mask=\"receive\" denied_mask=\"receive\" signal=rtmin+3 peer=\"q\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"signal\",\"class\":\"signal\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"receive\",\"denied_mask\":\"receive\",\"signal\":\"rtmin+3\",\"peer\":\"q\"" },
      /* mount.c, audit_cb() */
      { "apparmor=\"DENIED\" operation=\"mount\" class=\"mount\" info=\"failed type match\" error=-13 profile=\"p\" name=\"/m/\" pid=1 comm=\"c\" fstype=612062 srcname=\"/dev/x\" flags=\"rw, nosuid\" options=\"size=1\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"mount\",\"class\":\"mount\",\"info\":\"failed type match\",\"error\":-13,\"profile\":\"p\",\"name\":\"/m/\",\"pid\":1,\"comm\":\"c\",\"fstype\":\"a b\",\"srcname\":\"/dev/x\",\"flags\":\"rw, nosuid\",\"options\":\"size=1\"" },
      { "apparmor=\"DENIED\" operation=\"mount\" class=\"mount\" info=\"failed perms check\" error=-13 profile=\"p\" name=\"/m/\" pid=1 comm=\"c\" srcname=2F612062 flags=\"rw, rbind\"", "\"apparmor\":\"DENIED\",\"operation\":\"mount\",\"class\":\"mount\",\"info\":\"failed perms check\",\"error\":-13,\"profile\":\"p\",\"name\":\"/m/\",\"pid\":1,\"comm\":\"c\",\"srcname\":\"/a b\",\"flags\":\"rw, rbind\"" },
      { "apparmor=\"DENIED\" operation=\"umount\" class=\"mount\" profile=\"p\" name=\"/m/\" pid=1 comm=\"c\" flags=\"rw, force\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"umount\",\"class\":\"mount\",\"profile\":\"p\",\"name\":\"/m/\",\"pid\":1,\"comm\":\"c\",\"flags\":\"rw, force\"" },
      { "apparmor=\"DENIED\" operation=\"pivotroot\" class=\"mount\" profile=\"p\" name=\"/m/\" pid=1 comm=\"c\" srcname=\"/m/old/\" trans=\"q\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"pivotroot\",\"class\":\"mount\",\"profile\":\"p\",\"name\":\"/m/\",\"pid\":1,\"comm\":\"c\",\"srcname\":\"/m/old/\",\"trans\":\"q\"" },
      /* resource.c, audit_cb() */
      { "apparmor=\"DENIED\" operation=\"setrlimit\" class=\"rlimits\" profile=\"p\" pid=1 comm=\"c\" rlimit=nofile value=18446744073709551615 peer=\"q\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"setrlimit\",\"class\":\"rlimits\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"rlimit\":\"nofile\",\"value\":\"18446744073709551615\",\"peer\":\"q\"" },
      /* task.c, audit_ns_cb(), and Ubuntu's transition of unprivileged user namespaces */
      { "apparmor=\"DENIED\" operation=\"userns_create\" class=\"namespace\" info=\"User namespace creation restricted\" error=-13 profile=\"unconfined\" pid=1 comm=\"c\" requested=\"userns_create\" denied=\"userns_create\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"userns_create\",\"class\":\"namespace\",\"info\":\"User namespace creation restricted\",\"error\":-13,\"profile\":\"unconfined\",\"pid\":1,\"comm\":\"c\",\"requested\":\"userns_create\",\"denied\":\"userns_create\"" },
      { "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" info=\"Userns create - transitioning profile\" profile=\"unconfined\" pid=1 comm=\"c\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x y\"",
        "\"apparmor\":\"AUDIT\",\"operation\":\"userns_create\",\"class\":\"namespace\",\"info\":\"Userns create - transitioning profile\",\"profile\":\"unconfined\",\"pid\":1,\"comm\":\"c\",\"requested\":\"userns_create\",\"target\":\"unprivileged_userns\",\"execpath\":\"/opt/x y\"" },
      /* lsm.c, audit_uring_cb() */
      { "apparmor=\"DENIED\" operation=\"uring_override\" class=\"io_uring\" profile=\"p\" pid=1 comm=\"c\" requested=\"override_creds\" denied=\"override_creds\" tcontext=\"q\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"uring_override\",\"class\":\"io_uring\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested\":\"override_creds\",\"denied\":\"override_creds\",\"tcontext\":\"q\"" },
      { "apparmor=\"DENIED\" operation=\"uring_sqpoll\" class=\"io_uring\" profile=\"p\" pid=1 comm=\"c\" requested=\"sqpoll\" denied=\"sqpoll\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"uring_sqpoll\",\"class\":\"io_uring\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested\":\"sqpoll\",\"denied\":\"sqpoll\"" },
      /* Ubuntu's ipc.c, audit_mqueue_cb() */
      { "apparmor=\"DENIED\" operation=\"open\" class=\"posix_mqueue\" profile=\"p\" name=\"/q\" pid=1 comm=\"c\" requested=\"create write\" denied=\"create\"class=\"posix_mqueue\" fsuid=0 ouid=1 olabel=\"q\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"open\",\"class\":\"posix_mqueue\",\"profile\":\"p\",\"name\":\"/q\",\"pid\":1,\"comm\":\"c\",\"requested\":\"create write\",\"denied\":\"create\",\"fsuid\":0,\"ouid\":1,\"olabel\":\"q\"" },
      { "apparmor=\"DENIED\" operation=\"sysv_mqueue\" profile=\"p\" pid=1 comm=\"c\" requested=\"write\" denied=\"write\" class=\"sysv_mqueue\" fsuid=1001 ouid=1001",
        "\"apparmor\":\"DENIED\",\"operation\":\"sysv_mqueue\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\",\"requested\":\"write\",\"denied\":\"write\",\"class\":\"sysv_mqueue\",\"fsuid\":1001,\"ouid\":1001" },
      /* policy.c, audit_cb(); policy_unpack.c, audit_cb() */
      { "apparmor=\"STATUS\" operation=\"profile_replace\" info=\"same as current profile, skipping\" profile=\"unconfined\" name=\"p\" pid=1 comm=\"c\"",
        "\"apparmor\":\"STATUS\",\"operation\":\"profile_replace\",\"info\":\"same as current profile, skipping\",\"profile\":\"unconfined\",\"name\":\"p\",\"pid\":1,\"comm\":\"c\"" },
      { "apparmor=\"STATUS\" operation=\"profile_load\" profile=\"unconfined\" name=\"p\" pid=1 comm=\"c\" ns=\"a//b\"",
        "\"apparmor\":\"STATUS\",\"operation\":\"profile_load\",\"profile\":\"unconfined\",\"name\":\"p\",\"pid\":1,\"comm\":\"c\",\"ns\":\"a//b\"" },
      { "apparmor=\"STATUS\" operation=\"profile_remove\" info=\"profile does not exist\" error=-2 label=\"p//&q\" name=\"r\" pid=1 comm=\"c\"",
        "\"apparmor\":\"STATUS\",\"operation\":\"profile_remove\",\"info\":\"profile does not exist\",\"error\":-2,\"label\":\"p//&q\",\"name\":\"r\",\"pid\":1,\"comm\":\"c\"" },
      { "apparmor=\"STATUS\" info=\"failed to unpack end of profile\" error=-71 profile=\"unconfined\" name=\"p\" pid=1 comm=\"c\" name=\"p\" offset=135",
        "\"apparmor\":\"STATUS\",\"info\":\"failed to unpack end of profile\",\"error\":-71,\"profile\":\"unconfined\",\"name\":\"p\",\"pid\":1,\"comm\":\"c\",\"offset\":135" },
      { "apparmor=\"DENIED\" operation=\"profile_load\" info=\"policy_locked\" error=-13 profile=\"unconfined\" pid=1 comm=\"c\"",
        "\"apparmor\":\"DENIED\",\"operation\":\"profile_load\",\"info\":\"policy_locked\",\"error\":-13,\"profile\":\"unconfined\",\"pid\":1,\"comm\":\"c\"" },
      /* lsm_audit.c: what stands between comm and the class's own */
      { "apparmor=\"DENIED\" operation=\"file_perm\" profile=\"p\" name=\"/a\" pid=1 comm=\"c\" opid=7 ocomm=612062 requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0",
        "\"apparmor\":\"DENIED\",\"operation\":\"file_perm\",\"profile\":\"p\",\"name\":\"/a\",\"pid\":1,\"comm\":\"c\",\"opid\":7,\"ocomm\":\"a b\",\"requested_mask\":\"r\",\"denied_mask\":\"r\",\"fsuid\":0,\"ouid\":0" },
      { "apparmor=\"HINT\" operation=\"changing_profile\" profile=\"p\" pid=1 comm=\"c\"",
        "\"apparmor\":\"HINT\",\"operation\":\"changing_profile\",\"profile\":\"p\",\"pid\":1,\"comm\":\"c\"" },
      { "apparmor=\"ERROR\" operation=\"open\" info=\"x\" error=-12 profile=\"p\" pid=1 comm=\"c\"",
        "\"apparmor\":\"ERROR\",\"operation\":\"open\",\"info\":\"x\",\"error\":-12,\"profile\":\"p\",\"pid\":1,\"comm\":\"c\"" },
      { "apparmor=\"KILLED\" operation=\"open\" class=\"file\" profile=\"p\" name=\"/a\" pid=1 comm=\"c\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0",
        "\"apparmor\":\"KILLED\",\"operation\":\"open\",\"class\":\"file\",\"profile\":\"p\",\"name\":\"/a\",\"pid\":1,\"comm\":\"c\",\"requested_mask\":\"r\",\"denied_mask\":\"r\",\"fsuid\":0,\"ouid\":0" },
    };

Test (event_fields, every_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AakRecord record;
      g_auto (AakEvent) event = { 0 };
      AakEventOwner owner = { 0 };
      AakEventOrigin origin = { "f:1", NULL };
      const char *reason = NULL;
      g_autofree char *line = g_strconcat ("type=AVC msg=" STAMP, rows[i].record, NULL);
      g_autofree char *want = g_strconcat ("{\"type\":1400,\"serial\":4,\"time\":1795295848744,",
                                           rows[i].members, ",\"position\":\"f:1\"}", NULL);
      cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), AAK_RECORD_APPARMOR, "%s",
                    line);
      cr_expect_neq (aak_event_from_record (&record, &event, &reason), AAK_EVENT_MALFORMED,
                     "%s: %s", line, reason);
      g_autofree char *got = aak_event_to_json (&record, &event, &origin, &owner);
      cr_expect_str_eq (got, want, "%s\n  got  %s\n  want %s", line, got, want);
    }
}
