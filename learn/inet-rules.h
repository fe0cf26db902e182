/* SPDX-License-Identifier: GPL-2.0-or-later
 * The rules for internet sockets whose addresses are known. They leave to the rule "network FAMILY
 * TYPE" what is done without an address. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

/* So many addresses and ports of one family and type have rules of their own; where there are more,
 * any will do. */
#define AAK_INET_RULES_MAX 64

typedef struct AakInetRules AakInetRules;

/* For the accesses in @sorted (AakObservation*), which must stay. @exact: they are never too many.
 */
AakInetRules *aak_inet_rules_new (const GPtrArray *sorted, gboolean exact);
void aak_inet_rules_free (AakInetRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakInetRules, aak_inet_rules_free)

/* TRUE where some addresses of sockets of this kind have rules of their own. */
gboolean aak_inet_rules_has (const AakInetRules *rules, const char *family, const char *type);

/* What the parts of @access, of AAK_CLASS_INET, have to be allowed: rules (AakRule*) with class,
 * name, detail and permissions, and with pass where they are widened. The first is for what is done
 * without an address. The caller owns them. */
GPtrArray *aak_inet_rules_for (const AakInetRules *rules, const AakObservation *access);

/* The text of a rule of AAK_CLASS_INET, and of one of AAK_CLASS_NETWORK that is narrow. Newly
 * allocated. */
char *aak_inet_rule_text (const AakRule *rule);
char *aak_inet_rule_narrow_text (const AakRule *rule);

/* FALSE where no rule can say @rule, of AAK_CLASS_INET: no event says that, but a state may. */
gboolean aak_inet_rule_is_sound (const AakRule *rule);
