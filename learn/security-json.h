/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a container needs of its security context, as JSON. */
#pragma once

#include "learn/security-needs.h"
#include "lib/json.h"

/* The object that @needs is. */
void aak_security_needs_json (AakJson *json, const AakSecurityNeeds *needs);
/* The array @key with the needs of all containers of @observations. */
void aak_security_json_add (AakJson *json, const char *key, const AakObservations *observations);
