/* SPDX-License-Identifier: GPL-2.0-or-later
 * A pod's container in JSON. */
#pragma once

#include "lib/container.h"
#include "lib/json.h"

/* Adds the members "namespace", "pod", "container" and, where it has one, "id" to the object that
 * was begun; bytes are escaped. */
void aak_pod_json_add (AakJson *json, const AakContainer *container);
