/* SPDX-License-Identifier: GPL-2.0-or-later
 * The entry point that libFuzzer calls, and that replay.c calls for every file of a corpus. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* TRUE where @text is one JSON value of RFC 8259 and nothing else; json-check.c. */
int fuzz_is_json (const char *text);
