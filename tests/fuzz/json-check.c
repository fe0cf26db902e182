/* SPDX-License-Identifier: GPL-2.0-or-later
 * A strict judge of JSON that shares nothing with what writes it. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define DEPTH_MAX 16

static int value (const char **at, int depth);

static void
skip_blanks (const char **at)
{
  *at += strspn (*at, " \t\r\n");
}

static int
word (const char **at, const char *text)
{
  if (strncmp (*at, text, strlen (text)) != 0)
    return 0;
  *at += strlen (text);
  return 1;
}

static int
digits (const char **at)
{
  size_t n = strspn (*at, "0123456789");
  *at += n;
  return n > 0;
}

static int
number (const char **at)
{
  *at += **at == '-';
  if (**at == '0')
    (*at)++;
  else if (!digits (at))
    return 0;
  if (**at == '.' && ((*at)++, !digits (at)))
    return 0;
  if (**at != 'e' && **at != 'E')
    return 1;
  (*at)++;
  *at += **at == '+' || **at == '-';
  return digits (at);
}

/* Bytes of UTF-8 are judged by the caller. */
static int
string (const char **at)
{
  if (**at != '"')
    return 0;
  for ((*at)++; **at != '"'; (*at)++)
    {
      if ((unsigned char) **at < 0x20)
        return 0;
      if (**at != '\\')
        continue;
      (*at)++;
      if (**at == 'u' && strspn (*at + 1, "0123456789abcdefABCDEF") >= 4)
        *at += 4;
      else if (**at == '\0' || strchr ("\"\\/bfnrt", **at) == NULL)
        return 0;
    }
  (*at)++;
  return 1;
}

static int
member (const char **at, int depth)
{
  skip_blanks (at);
  if (!string (at))
    return 0;
  skip_blanks (at);
  return *(*at)++ == ':' && value (at, depth);
}

/* An array or an object, whose elements @element reads. */
static int
list (const char **at, char close, int (*element) (const char **at, int depth), int depth)
{
  (*at)++;
  skip_blanks (at);
  if (**at == close)
    return (*at)++, 1;
  for (;; (*at)++)
    {
      if (!element (at, depth))
        return 0;
      if (**at == close)
        return (*at)++, 1;
      if (**at != ',')
        return 0;
    }
}

static int
value (const char **at, int depth)
{
  int ok;
  skip_blanks (at);
  if (depth == DEPTH_MAX)
    return 0;
  if (**at == '{')
    ok = list (at, '}', member, depth + 1);
  else if (**at == '[')
    ok = list (at, ']', value, depth + 1);
  else if (**at == '"')
    ok = string (at);
  else
    ok = word (at, "true") || word (at, "false") || word (at, "null") || number (at);
  skip_blanks (at);
  return ok;
}

int
fuzz_is_json (const char *text)
{
  return value (&text, 0) && *text == '\0';
}
