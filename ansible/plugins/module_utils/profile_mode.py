# SPDX-License-Identifier: GPL-2.0-or-later
"""Changes the mode that a profile text gives its profiles; the compiler then has to say that they have it."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

# A comment, a quoted name, flags with their words, the beginning of a block, the end of a statement, or any other word. A brace within a
# word is an alternative, as in /{usr/,}bin; a block's has a blank before it.
TOKEN = re.compile(
    br'(?P<line>\n)|(?P<comment>#[^\n]*)|(?P<quoted>"(?:[^"\\]|\\.)*"[^\s,{]*)'
    br"|(?P<flags>\bflags\s*=\s*\((?P<words>[^)]*)\)|(?<=[\s\"])\((?P<bare>[a-z_.,\s]*)\)(?=\s*\{))"
    br"|(?P<open>(?:(?<=\s)|(?<=[\")]))\{)|(?P<close>\})|(?P<end>,(?=\s|\#|$))|(?P<word>(?:\\.|[^\s\"#,{(]|(?<!\s)[#{(]|,(?!\s|\#|$))+|\()",
    re.M,
)
MODES = {b"complain", b"enforce", b"kill", b"unconfined", b"prompt", b"default_allow"}


def new_flags(words, mode):
    kept = [word for word in re.split(br"[\s,]+", words) if word and word not in MODES]
    if mode == b"complain":
        kept.append(mode)
    return b"flags=(" + b", ".join(kept) + b")" if kept else b""


def is_header(words):
    """Whether a block that begins after these words is a profile: not a condition's, nor one of rules with qualifiers."""
    if not words or words[0] in (b"if", b"else", b"audit", b"deny", b"allow", b"owner", b"quiet", b"access"):
        return False
    return words[0] in (b"profile", b"hat") or words[0][:1] in b'/@^"' or len(words) == 1


def ends_with_line(words):
    """Whether these words, which no comma ends, are a statement by themselves: an include, or a variable's values."""
    return bool(words) and (words[0] == b"include" or words[0][:2] in (b"@{", b"${") and b"=" in b" ".join(words[:2]))


def change(text, mode):
    """The text (bytes), every profile, child and hat of which has that mode; all else is as it was."""
    mode = mode.encode("ascii")
    pieces, done, words, flags = [], 0, [], None
    for token in TOKEN.finditer(text):
        kind = token.lastgroup if token.lastgroup not in ("words", "bare") else "flags"
        if kind in ("open", "close", "end") and ends_with_line(words):
            continue  # a part of a variable's value
        if kind in ("quoted", "word"):
            words.append(token.group())
        elif kind == "flags":
            flags = token
        elif kind == "open" and is_header(words):
            start, end = flags.span() if flags else (token.start(), token.start())
            listed = (flags.group("words") or flags.group("bare") or b"") if flags else b""
            flag = new_flags(listed, mode)
            pieces += [text[done:start], flag if flags or not flag else flag + b" "]
            done = end
        if kind in ("open", "close", "end") or kind == "line" and ends_with_line(words):
            words, flags = [], None
    return b"".join(pieces) + text[done:]
