/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as questions to a profile with rules of every class: each line is answered or refused,
 * and no answer is more than a line of plain text. */
#include "compile/question-lines.h"
#include "lib/policy/question-words.h"
#include "compile/reply.h"
#include "lib/fs.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const AakPolicySet *
policy (void)
{
  static AakPolicySet *set;
  if (set != NULL)
    return set;
  const char *top = g_getenv ("AAKIT_SRCDIR");
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (top != NULL ? top : ".", "tests/policy/ipc-5.0-table.zst", NULL);
  g_autoptr (GBytes) blob = aak_fs_read (path, 1 << 20, &error);
  set = blob != NULL ? aak_policy_set_new (path, blob, &error) : NULL;
  if (set == NULL)
    g_printerr ("%s: questions are not asked\n", error->message);
  return set;
}

static void
check_reply (const AakReply *reply)
{
  const AakAnswer *answer = &reply->answer;
  g_assert (answer->allowed == (answer->denied == 0));
  g_assert (answer->mediated || answer->allowed);
  g_assert (reply->name == NULL || answer->allowed);
  g_autofree char *text = aak_reply_text (reply);
  for (const char *p = text; *p != '\0'; p++)
    g_assert (g_ascii_isprint (*p));
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_reply_put_json (reply, json);
  g_assert (fuzz_is_json (aak_json_text (json)));
}

static void
ask (char *line, GPtrArray *words)
{
  g_autoptr (GError) error = NULL;
  gboolean split = aak_question_words_split (line, words, &error);
  g_assert (split == (error == NULL));
  if (!split || policy () == NULL)
    return;
  const char *const *asked = (const char *const *) words->pdata;
  const AakPolicyProfile *profile = aak_policy_set_find (policy (), "zz-ipc");
  g_auto (AakReply) reply = { .label = NULL };
  gboolean answered = aak_question_ask (policy (), profile, asked, words->len, &reply, &error);
  g_assert (answered == (error == NULL));
  if (answered)
    check_reply (&reply);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  int fd = memfd_create ("questions", 0);
  g_assert (fd >= 0 && pwrite (fd, data, size, 0) == (ssize_t) size);
  g_auto (AakQuestionLines) lines = aak_question_lines_of (fd);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  for (char *line = aak_question_lines_next (&lines, &error); line != NULL;
       line = aak_question_lines_next (&lines, &error))
    {
      g_assert (memchr (line, '\n', strlen (line)) == NULL);
      ask (line, words);
    }
  close (fd);
  return 0;
}
