#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands that README.md, the documents and the manual pages show, and the test that runs each, by tests/cli/commands.

commands.py check SRCDIR                  every command has a test, every line of tests/cli/commands a command, and a test that is said
                                          to run one does: it takes it from the document, or contains the text that is given; what no
                                          test runs is a program of this tree that has these options
commands.py documents SRCDIR TEST         the documents with commands that TEST takes
commands.py take SRCDIR TEST DOCUMENT     these commands as a console block, with what is printed, a prompt of root where the page has one
"""
import collections
import fnmatch
import pathlib
import re
import sys

DATA = {"yaml", "json"}  # languages of blocks without commands
CONSOLE = {"README.md": "tests/cli/readme.sh"}  # who runs console blocks, else
DOCS = "tests/cli/docs.sh"
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ansible/README.md", "docs/*.md", "man/*.[1-8]")
PROMPT = re.compile(r"^[a-z0-9-]*([#$]) (?!/)(?!aakit:)")

# test, text: of tests/cli/commands, "" where there is none
Row = collections.namedtuple("Row", "pattern test text number")
# prompt: "$", "#", or "" of indented commands; block: the first line of the block; output: the lines shown below it
Command = collections.namedtuple("Command", "document number prompt words block console output")


def rows(top):
    """What tests/cli/commands says; the first that matches counts."""
    found = []
    for number, line in enumerate((top / "tests/cli/commands").read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            pattern, test, *text = re.split(r"\s{2,}", line, maxsplit=2)
            found.append(Row(pattern, test, text[0] if text else "", number))
    return found


def joined(lines):
    """(number, line), with lines that go on taken together."""
    held, start = "", 0
    for number, line in lines:
        start = start if held else number
        held = f"{held} {line.strip()}".strip() if held else line.rstrip()
        if held.endswith("\\"):
            held = held[:-1].rstrip()
        elif not held.endswith(("|", "&&")):
            yield start, held
            held = ""
    if held:
        yield start, held


def plain(line):
    """The commands of a line: its own without the comment, and the one of a comment "or: COMMAND"."""
    command, _, comment = re.sub(r"^#.*", "", line.strip()).partition("# ") if line.strip().startswith("#") else \
        re.sub(r"\s+# ", "\0", line.strip(), count=1).partition("\0")
    other = comment.removeprefix("or: ").strip() if comment.startswith("or: ") else ""
    return [one for one in (command.strip(), other) if one]


def markdown_lines(text):
    """(kind, number, line): kind is the language of a fence, "indented", or None for other text, which ends a block."""
    fence = None
    for number, line in enumerate(text.splitlines(), 1):
        if mark := re.match(r"\s*```(.*)", line):
            fence = None if fence is not None else mark[1].strip()
            yield None, number, ""
        elif fence is not None:
            yield fence, number, line
        elif line.startswith("    "):
            yield "indented", number, line
        elif line.strip():
            yield None, number, line


def markdown(document, text):
    """The commands of a Markdown document."""
    block = []
    for kind, number, line in [*markdown_lines(text), (None, 0, "")]:
        if kind is not None:
            block.append((kind, number, line))
            continue
        if block and block[0][0] == "console":
            shown = [(number, line.removeprefix("$ ")) for _, number, line in block if line.startswith("$ ")]
            yield from (Command(document, number, "$", line, line, True, []) for number, line in shown)
        elif block and block[0][0] not in DATA:
            first = block[0][2].strip()
            for number, line in joined((number, line.strip()) for _, number, line in block):
                yield from (Command(document, number, "", one, first, False, []) for one in plain(line))
        block = []


def manual(document, text):
    """The commands of a manual page: displayed lines with a prompt. A display whose first line names a file is a file."""
    lines, display = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith((".Bd", ".Ed")):
            display = line.startswith(".Bd")
            lines.append((number, ""))
        elif display or line.startswith(".Dl "):
            lines.append((number, line.removeprefix(".Dl ").replace("\\e", "\\")))
        elif not line.startswith(".Pp"):
            lines.append((number, ""))
    command = None
    for number, line in joined(lines):
        if mark := PROMPT.match(line):
            command = Command(document, number, mark[1], line[mark.end():], line, False, [])
            yield command
        elif line and command:
            command.output.append(line)
        else:
            command = None


def commands(top):
    """All commands of all documents."""
    for path in sorted(path for pattern in DOCUMENTS for path in top.glob(pattern)):
        read = markdown if path.suffix == ".md" else manual
        yield from read(str(path.relative_to(top)), path.read_text(encoding="utf-8"))


def row_of(command, table):
    """The row that counts for a command, or None; that of the block where that says that it is no command."""
    for row in table:
        if fnmatch.fnmatchcase(command.block, row.pattern) and row.test == "-" or fnmatch.fnmatchcase(command.words, row.pattern):
            return row
    return None


def takes(top, test, document):
    """Whether TEST takes its commands from that document."""
    name = re.escape(test.rpartition("/")[2])
    return re.search(rf"\bdocuments_with {name}|\btaken {name} {re.escape(document)}", (top / test).read_text(encoding="utf-8"))


def wrong_row(top, row, command):
    """What is wrong with the row of a command, or None."""
    if row.test == "nowhere":
        program, *words = command.words.split()
        text = (top / program).read_text(encoding="utf-8") if (top / program).is_file() else None
        if text is None:
            return f"there is no {program}"
        strange = [word for word in words if word.startswith("-") and word not in text]
        return f"{program} does not know {strange[0]}" if strange else None
    path = top / row.test
    if not path.is_file():
        return f"there is no {row.test}"
    if row.text and row.text not in path.read_text(encoding="utf-8"):
        return f"{row.test} does not contain {row.text!r}"
    if not row.text and not takes(top, row.test, command.document):
        return f"{row.test} takes no commands from {command.document}"
    return None


def check(top):
    """What is wrong, and how many commands each test runs."""
    table, problems, used, runs = rows(top), [], set(), collections.Counter()
    for command in commands(top):
        place = f"{command.document}:{command.number}: {command.words}"
        if command.console:
            runs[CONSOLE.get(command.document, DOCS)] += 1
            if command.document not in CONSOLE and not command.document.startswith("docs/"):
                problems.append(f"{place}: no test runs the console blocks of this document")
            continue
        row = row_of(command, table)
        used.add(row)
        if row is None:
            problems.append(f"{place}: no test runs this")
        elif row.test != "-":
            runs[row.test] += 1
            if wrong := wrong_row(top, row, command):
                problems.append(f"{place}: {wrong}")
    problems += [f"tests/cli/commands:{row.number}: no document shows {row.pattern}" for row in table if row not in used]
    return problems, runs


def taken(top, test):
    """The commands that TEST takes, by document."""
    table, found = rows(top), {}
    for command in commands(top):
        row = None if command.console else row_of(command, table)
        if row and row.test == test and not row.text:
            found.setdefault(command.document, []).append(command)
    return found


def main(what, top, *rest):
    top = pathlib.Path(top)
    if what == "check":
        problems, runs = check(top)
        for line in [*problems, *(f"# {count} {test}" for test, count in sorted(runs.items()))]:
            print(line)
        return 1 if problems else 0
    found = taken(top, f"tests/cli/{rest[0]}")
    if what == "documents":
        print("\n".join(found))
    else:
        print("```console")
        for command in found.get(rest[1], ()):
            print("\n".join([f"{command.prompt or '$'} {command.words}", *command.output]))
        print("```")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
