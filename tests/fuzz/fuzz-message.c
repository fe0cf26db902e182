/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a profile text, a NUL, and what a compiler said of it: every message is one line of
 * text, and what is shown of the profile can be printed. */
#include "lib/compiler-message.h"
#include "tests/fuzz/fuzz.h"

#include <glib.h>
#include <string.h>

static void
check (const AakCompilerMessage *message)
{
  g_autofree char *text = aak_compiler_message_text (message);
  g_assert (g_utf8_validate (text, -1, NULL) && strchr (text, '\n') == NULL);
  g_assert (g_utf8_validate (message->show, -1, NULL));
  g_assert ((message->line == 0) == (message->column == 0));
  for (const char *p = message->show; *p != '\0'; p++)
    g_assert (*p == '\n' || !g_ascii_iscntrl (*p));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *nul = size > 0 ? memchr (data, '\0', size) : NULL;
  size_t len = nul != NULL ? (size_t) (nul - data) : size;
  g_autoptr (GBytes) text = g_bytes_new (data, len);
  g_autoptr (GBytes) err =
      nul != NULL ? g_bytes_new (nul + 1, size - len - 1) : g_bytes_new_static ("", 0);
  AakMessageSource source = { .name = "name", .text = text, .base = "/nowhere" };
  g_autoptr (GPtrArray) messages = aak_compiler_messages_parse (&source, err);
  for (guint i = 0; i < messages->len; i++)
    {
      check (messages->pdata[i]);
      aak_compiler_message_is_moot (messages->pdata[i], text);
    }
  g_autofree char *all = aak_compiler_messages_text (messages);
  g_assert ((all == NULL) == (messages->len == 0));
  return 0;
}
