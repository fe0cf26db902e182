/* SPDX-License-Identifier: GPL-2.0-or-later
 * AppArmor labels: which profile an event is about, and which label a pod is learned under. */
#pragma once

#include <glib.h>

/* The profile that @label belongs to: a child ("P//child", "P//null-/bin/sh//null-...") folds to
 * P, and ":ns:P//child" to ":ns:P": a namespace stays part of the label. A stack ("P//&Q") is
 * returned as it is. Newly allocated. */
char *aak_label_fold (const char *label);

/* The label that a rule names the other side of an access by, newly allocated: @own for @own and
 * all of its children; of others the "//null-" children that complain mode makes become their
 * profile, in each part of a stack; children with a name of their own stay. */
char *aak_label_fold_peer (const char *label, const char *own);

/* The name of the child of its profile that @label is, in the form "P//NAME", newly allocated; what
 * is below a child is part of it. Empty where it is no child, is a "//null-" child, which is named
 * by whoever is learned from, or is a stack. */
char *aak_label_child (const char *label);

/* TRUE where @label is one that threads of aa-learn itself wear: what is done under it is nobody's
 * application. */
gboolean aak_label_is_own (const char *label);

/* The default label of pod @pod: "k8s-POD", or "k8s-POD-CONTAINER" where @container is not NULL. */
char *aak_label_for_pod (const char *pod, const char *container);

/* TRUE where @name can be the name of a pod or a container in Kubernetes (RFC 1123 subdomain, 253
 * bytes). */
gboolean aak_label_is_pod_name (const char *name);

/* The file that a profile named @label is kept in: the label, or for a path the AppArmor way of
 * naming its file
 * ("/usr/sbin/nginx" -> "usr.sbin.nginx"). NULL where @label cannot name a file: empty, over 200
 * bytes, a leading dot or a second leading slash, or bytes that are not letters, digits or one of
 * "._-+@" after that (so no namespace or stack). Newly allocated. */
char *aak_label_file_name (const char *label);
