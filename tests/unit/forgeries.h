/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines as containers, users and damage make them, each with the event that it is, or none; for
 * test-forgery.c. */
#pragma once

#include <glib.h>

#define STAMP "audit(1795295848.744:4): "
#define OPEN                                                                             \
  "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 " \
  "comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"
#define BYTES(text) text, sizeof (text) - 1

static const struct
{
  const char *line;
  gsize len;
  const char *want;
} forgeries[] = {
  /* a control: what the kernel writes */
  { BYTES ("type=AVC msg=" STAMP OPEN), "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  /* records of user space */
  { BYTES ("type=USER_AVC msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_CMD msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_LOGIN msg=" STAMP OPEN), "other" },
  { BYTES ("type=TRUSTED_APP msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_ERR msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_TTY msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_SELINUX_ERR msg=" STAMP OPEN), "other" },
  { BYTES ("type=SYSCALL msg=" STAMP OPEN), "other" },
  { BYTES ("type=PATH msg=" STAMP OPEN), "other" },
  { BYTES ("type=PROCTITLE msg=" STAMP OPEN), "other" },
  { BYTES ("type=EXECVE msg=" STAMP OPEN), "other" },
  { BYTES ("type=SECCOMP msg=" STAMP OPEN), "malformed" },
  { BYTES ("type=UNKNOWN[1107] msg=" STAMP OPEN), "other" },
  { BYTES ("type=UNKNOWN[1399] msg=" STAMP OPEN), "other" },
  { BYTES ("type=UNKNOWN[1508] msg=" STAMP OPEN), "other" },
  { BYTES ("type=1107 msg=" STAMP OPEN), "other" },
  { BYTES ("type=1100 msg=" STAMP OPEN), "other" },
  { BYTES ("type=2400 msg=" STAMP OPEN), "other" },
  { BYTES ("type=AVC_PATH msg=" STAMP OPEN), "other" },
  { BYTES ("type=AVCX msg=" STAMP OPEN), "other" },
  { BYTES ("type=avc msg=" STAMP OPEN), "other" },
  { BYTES ("type=APPARMOR_ msg=" STAMP OPEN), "other" },
  { BYTES ("type=UNKNOWN[1400 msg=" STAMP OPEN), "other" },
  { BYTES ("type=UNKNOWN[] msg=" STAMP OPEN), "other" },
  { BYTES ("type=UNKNOWN[1400]] msg=" STAMP OPEN), "other" },
  { BYTES ("type=-1400 msg=" STAMP OPEN), "other" },
  { BYTES ("type=1400. msg=" STAMP OPEN), "other" },
  { BYTES ("type=01400000000000000000000 msg=" STAMP OPEN), "other" },
  { BYTES ("type= msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_AVC msg=" STAMP
           "pid=1 uid=0 auid=4294967295 ses=4294967295 subj=k8s-web msg='" OPEN
           " exe=\"/usr/bin/dbus-daemon\" sauid=102'"),
    "other" },
  { BYTES ("type=USER_AVC msg=" STAMP "msg='type=AVC msg=" STAMP OPEN "'"), "other" },
  { BYTES ("type=USER msg=" STAMP "\035type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("node=n type=USER_AVC msg=" STAMP OPEN), "other" },
  { BYTES ("node=type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("node=n node=m type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("node=n type=USER type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("type=USER_AVC type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("type=AVC type=AVC msg=" STAMP OPEN), "malformed" },
  { BYTES ("type=AVC msg='" OPEN "'"), "malformed" },
  { BYTES ("type=AVC msg=" STAMP "pid=1 msg='" OPEN "'"), "other" },
  { BYTES ("msg=" STAMP OPEN), "other" },
  { BYTES (STAMP OPEN), "other" },
  { BYTES (OPEN), "other" },
  { BYTES (" type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("audit.log:type=AVC msg=" STAMP OPEN), "other" },
  /* SELinux and others of the type AVC */
  { BYTES ("type=AVC msg=" STAMP "avc:  denied  { read } for pid=1 comm=\"apparmor=\" name=\"x\""),
    "other" },
  { BYTES ("type=AVC msg=" STAMP "avc: " OPEN), "other" },
  { BYTES ("type=AVC msg=" STAMP "x" OPEN), "other" },
  /* names that hold records */
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/type=AVC,msg=audit(1.001:1):,apparmor=DENIED,operation=capable,profile=k8s-web,capname=sys_admin\" requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/type=AVC,msg=audit(1.001:1):,apparmor=DENIED,operation=capable,profile=k8s-web,capname=sys_admin perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F747970653D415643206D73673D617564697428312E3030313A31293A2061707061726D6F723D2244454E49454422206F7065726174696F6E3D2263617061626C65222070726F66696C653D226B38732D77656222206361706E616D653D227379735F61646D696E22 requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/type=AVC msg=audit(1.001:1): apparmor=\"DENIED\" operation=\"capable\" profile=\"k8s-web\" capname=\"sys_admin\" perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F61222070726F66696C653D226F7468657222206E616D653D222F62 requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a\" profile=\"other\" name=\"/b perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F610A747970653D415643206D73673D617564697428313739353239353834382E3734343A34293A2061707061726D6F723D22414C4C4F57454422206F7065726174696F6E3D226F70656E222070726F66696C653D226B38732D77656222206E616D653D222F6574632F7822207069643D32313920636F6D6D3D226E67696E7822207265717565737465645F6D61736B3D2272222064656E6965645F6D61736B3D2272222066737569643D30206F7569643D30 requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a\\x0atype=AVC msg=audit(1795295848.744:4): apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0 perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" comm=7820747970653D415643206D73673D61 requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" comm=\"profile=other\" requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" comm=70726F66696C653D226F7468657222 requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" comm=\"apparmor=DENIED\" requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a=profile=other\" requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a=profile=other perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\\\" requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a\\x5c perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\\\" profile=\\\"other\\\"\" requested_mask=\"r\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" target=\"type=AVC,msg=audit(1.001:1):,apparmor=DENIED,operation=capable,profile=k8s-web,capname=sys_admin\" requested_mask=\"r\""),
    "ALLOWED k8s-web file name=/a target=type=AVC,msg=audit(1.001:1):,apparmor=DENIED,operation=capable,profile=k8s-web,capname=sys_admin perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" profile=\"other\" name=2F61 requested_mask=\"r\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=6B38732D77656220783D2279 name=\"/a\" requested_mask=\"r\""),
    "ALLOWED k8s-web x=\"y file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"capable\" profile=\"k8s-web\" comm=\"capname=sys_admin\" capability=0  capname=\"chown\""),
    "ALLOWED k8s-web capability detail=chown" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"connect\" class=\"net\" profile=\"k8s-web\" family=\"unix\" sock_type=\"stream\" protocol=0 requested_mask=\"connect\" addr=none peer_addr=\"@profile=other\" peer=\"unconfined\""),
    "ALLOWED k8s-web unix peer=unconfined detail=stream family=unix perms=connect" },
  /* hex that is none */
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F0 requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F00 requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2f61 requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2G61 requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=/a requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F61\"x\" requested_mask=\"r\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F 61 requested_mask=\"r\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=0x2F61 requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=2F61, requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=%2Fa requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
  /* the same key twice */
  { BYTES ("type=AVC msg=" STAMP OPEN " profile=\"other\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " apparmor=\"DENIED\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " operation=\"capable\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " name=\"/b\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " requested_mask=\"w\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " pid=1"), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " comm=\"x\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " Profile=\"other\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" requested_mask=\"r\" class=\"file\" class=\"cap\" capname=\"sys_admin\""),
    "ALLOWED k8s-web file name=/a perms=r" },
  { BYTES ("type=AVC msg=" STAMP OPEN " label=\"other\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN " requested=\"w\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  /* damage */
  { BYTES ("type=AVC msg=" STAMP "apparmor=\"ALLOWED"), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " x"), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " =x"), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " x=\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " \"x\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN "'"), "ALLOWED k8s-web file name=/etc/x perms=r" },
  { BYTES ("type=AVC msg=" STAMP OPEN " x=y\"z\""), "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\"\011profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\"\015profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"ng\015inx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"ng\011inx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"ng\000inx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN "\000"), "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"ng\012inx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\"profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\"   pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid= comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN "    "), "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN "\015\015\012"),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("\015type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("\000type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("\357\273\277type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("type=AVC msg=" STAMP
           "apparmor=\"ALLOWED\" operation=\"open\" profile=\"\" name=\"/a\" requested_mask=\"r\""),
    "ALLOWED  file name=/a perms=r" },
  { BYTES ("type=AVC msg=" STAMP
           "apparmor=\"ALLOWED\" operation=\"open\" profile= name=\"/a\" requested_mask=\"r\""),
    "bad: profile missing or damaged" },
  /* 0x1d */
  { BYTES ("type=AVC msg=" STAMP OPEN "\035FSUID=\"root\" profile=\"other\" apparmor=\"DENIED\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "type=AVC msg=" STAMP OPEN
        "\035type=AVC msg=audit(1.001:1): apparmor=\"DENIED\" operation=\"capable\" profile=\"k8s-web\" capname=\"sys_admin\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN "\035\000\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"ng\035inx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "malformed" },
  { BYTES ("type=AVC msg=" STAMP "apparmor=\"ALLOWED\"\035operation=\"open\""),
    "bad: operation missing" },
  { BYTES ("type=AVC\035msg=" STAMP OPEN), "other" },
  { BYTES ("type=AVC msg=" STAMP OPEN "FSUID=\"root\" profile=\"other\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN " FSUID=\"root\" OUID=\"root\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN "profile=\"other\""), "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" target=2F61FSUID=\"x\" requested_mask=\"r\""),
    "malformed" },
  /* execpath, which the kernel prints raw */
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\""),
    "AUDIT unconfined userns" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\" profile=\"k8s-web\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\" apparmor=\"ALLOWED\" operation=\"capable\" capname=\"sys_admin\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\" label=\"k8s-web\" name=\"/etc/shadow\" requested_mask=\"rw\" denied_mask=\"rw\" capname=\"x\" namespace=\"root//y\" family=\"inet\" peer=\"q\""),
    "AUDIT unconfined userns" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\" y\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\"y\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\" execpath=\"/y\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\035\" profile=\"k8s-web\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\012\""),
    "malformed" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"AUDIT\" operation=\"userns_create\" class=\"namespace\" profile=\"unconfined\" pid=7 comm=\"x\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x\" class=\"cap\""),
    "AUDIT unconfined userns" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" execpath=\"/x\" name=\"/a\" requested_mask=\"r\""),
    "bad: requested_mask missing or unknown" },
  /* stamps */
  { BYTES ("type=AVC msg=audit(1795295848.744:4294967295): " OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=audit(1795295848.744:0): " OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=audit(0.000:1): " OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=audit(1795295848.744:4294967296): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(1795295848.744:99999999999999999999): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(253402300800.000:1): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(-1.000:1): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(1.0000:1): " OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=audit(1.1000:1): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(1:1): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(1.1:): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(1.1:1) " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit( 1.1:1): " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit(11/21/2026 22:00:00.744:4) : " OPEN), "malformed" },
  { BYTES ("type=AVC msg=audit[1.1:1]: " OPEN), "malformed" },
  { BYTES ("type=AVC msg=AUDIT(1.1:1): " OPEN), "malformed" },
  /* syslog and journal lines of user space */
  { BYTES ("Nov 21 22:00:00 h logger: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h logger[1]: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h root: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel[12]: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h Kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel:: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel-x: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h xkernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h audit[77]: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h audit: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h audispd: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h audisp-syslog[1]: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h user.notice kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h user.notice: kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 user.notice: kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 kern.notice: logger: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kern.notice logger: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h auth.kern.notice: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kern.: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kern.bogus: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 kernel: kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h: kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h logger: kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h logger: [    1.2] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h logger kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: logger: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: x audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: [x] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: \"audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h dmesg: <5>audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: type=AVC " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: type=1107 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: type=1400 msg=" STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: usb 1-1: Product: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: type=1400 audit(x): " OPEN), "malformed" },
  { BYTES ("Nov 21 22:00:00 h audit[77]: AVC " OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h logger: type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("Nov 21 22:00:00 h dbus-daemon[1]: " OPEN), "other" },
  { BYTES (
        "Nov 21 22:00:00 hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh kernel: audit: type=1400 " STAMP
            OPEN),
    "other" },
  { BYTES ("Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"kernel:\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("<8>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<13>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<29>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<85>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<191>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<-1>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<05x>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<>Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5 >Nov 21 22:00:00 h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5><5>audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5>Nov 21 22:00:00 h logger: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5>5,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5>type=AVC msg=" STAMP OPEN), "other" },
  /* /dev/kmsg */
  { BYTES ("12,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("13,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("8,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("85,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,- ;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,-;[    1.2] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,-;x audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,-; audit: type=1400 " STAMP OPEN), "other" },
  { BYTES (" audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,\"-\";audit: type=1400 " STAMP OPEN), "other" },
  { BYTES (" SUBSYSTEM=audit: type=1400 " STAMP OPEN), "other" },
  { BYTES (",1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("+5,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("18446744073709551621,1,2,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,-\012;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("12,1,2,-;x\0125,2,3,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("12,1,2,-;5,2,3,-;audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("5,1,2,-,caller=T1;audit: type=1400 " STAMP OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES (
        "5,1,2,-;audit: type=1400 " STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\\x5cx22\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "ALLOWED k8s-web file name=/a\\x5cx22 perms=r owner" },
  { BYTES (
        "5,1,2,-;audit: type=1400 " STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\\x22 profile=\\x22y\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "ALLOWED k8s-web file name=/a\" profile=\"y perms=r owner" },
  { BYTES (
        "5,1,2,-;audit: type=1400 " STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\\x00\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "bad: name is neither quoted nor hex" },
  { BYTES (
        "5,1,2,-;audit: type=1400 " STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\\n\" pid=219 comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"),
    "bad: name is neither quoted nor hex" },
  /* dmesg */
  { BYTES ("[    1.2] logger: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[x] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[1.2audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[1.2]]audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[1.2][x] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[1.2] [1.2] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[-1.2] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[1.2] kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[Mon May 26] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[profile=\"x\":] audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("(1.2) audit: type=1400 " STAMP OPEN), "other" },
  /* namespaces */
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" namespace=\"root//k8s-web\" requested_mask=\"r\""),
    "ALLOWED :k8s-web:k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" namespace=\"root//\" requested_mask=\"r\""),
    "ALLOWED ::k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" namespace=\"\" requested_mask=\"r\""),
    "ALLOWED ::k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" namespace=\"root/k8s\" requested_mask=\"r\""),
    "ALLOWED :root/k8s:k8s-web file name=/a perms=r" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" namespace=root requested_mask=\"r\""),
    "bad: namespace is neither quoted nor hex" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/a\" namespace=\"default\" requested_mask=\"r\""),
    "ALLOWED :default:k8s-web file name=/a perms=r" },
  /* the journal in its other forms, and the syslog protocol */
  { BYTES ("__CURSOR=s=1;MESSAGE=type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("MESSAGE=audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("MESSAGE=type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("    MESSAGE=audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("    type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("_TRANSPORT=kernel type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"audit: type=1400 " STAMP), "other" },
  { BYTES ("{\"_TRANSPORT\":\"stdout\",\"MESSAGE\":\"type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("\t\"MESSAGE\" : \"audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("data: {\"MESSAGE\":\"type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("Tue 2026-05-26 12:00:00 UTC h nginx[12]: kernel: audit: type=1400 " STAMP OPEN),
    "other" },
  { BYTES ("Tue 2026-05-26 12:00:00 UTC h kernel[12]: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("Tue 2026-05-26 12:00:00 UTC h audit[12]: AVC " OPEN), "other" },
  { BYTES ("Tue 2026-05-26 12:00:00 UTC  h kernel audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("[   12.345678] h nginx[12]: [   12.345678] h kernel: audit: type=1400 " STAMP OPEN),
    "other" },
  { BYTES ("[   12.345678] h user.notice kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("1779796800.123456 h nginx[12]: h kernel: audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<14>1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<8>1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h nginx - - [a b=\"c\"] kernel - - - audit: type=1400 " STAMP
               OPEN),
    "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h nginx 7 - [x kernel=\"- - - audit: type=1400 " STAMP OPEN),
    "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h nginx - - - h kernel: audit: type=1400 " STAMP OPEN),
    "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z kernel - - - audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h kernel - - [a b=\"\\\"] audit: type=1400 " STAMP OPEN),
    "other" },
  { BYTES (
        "<5>1 2026-05-26T12:00:00Z h kernel - - - \357\273\277\357\273\277audit: type=1400 " STAMP
            OPEN),
    "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h kernel - - - type=AVC msg=" STAMP OPEN), "other" },
  { BYTES ("<5>1<5>1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN), "other" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h kernel - - [a b=\"]\"] audit: type=1400 " STAMP OPEN),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("<5>1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN
           " profile=\"other\""),
    "malformed" },
  /* what the kernel repeats must be the same */
  { BYTES ("type=AVC msg=" STAMP OPEN " name=\"/etc/x\""),
    "ALLOWED k8s-web file name=/etc/x perms=r owner" },
  { BYTES ("type=AVC msg=" STAMP OPEN " name=2F6574632F78"), "malformed" },
  { BYTES ("type=AVC msg=" STAMP OPEN " profile=\"k8s-web\""), "malformed" },
  { BYTES ("type=AVC msg=" STAMP
           "apparmor=\"ALLOWED\" profile=\"k8s-web\" name=\"/a\" requested_mask=\"r\""),
    "bad: operation missing" },
  { BYTES ("type=AVC msg=" STAMP
           "apparmor=\"STATUS\" profile=\"k8s-web\" name=\"/a\" requested_mask=\"r\""),
    "STATUS k8s-web policy name=/a" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"DENIED\" operation=\"connect\" profile=\"k8s-web\" path=002220 family=\"unix\" sock_type=\"stream\" protocol=0"),
    "DENIED k8s-web unix detail=stream family=unix" },
  { BYTES (
        "type=AVC msg=" STAMP
        "apparmor=\"DENIED\" operation=\"open\" profile=\"k8s-web\" comm=00 name=0061 requested_mask=\"r\""),
    "bad: name is neither quoted nor hex" },
};
