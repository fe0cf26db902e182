# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks a shell what it offers at the end of command lines.

Usage: complete.py bash|zsh|fish DIRECTORY < LINES. DIRECTORY is completion/ of the source tree. Writes a line for each: the offers,
sorted and blank-separated, bare of explanations and of what is on the line before a "=".
"""

import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import time

BASH = r"""
while IFS= read -r line; do
  program=${line%% *}
  [ "$(complete -p "$program" 2> /dev/null)" ] || . "$1/$program"
  # As readline does it: = is a word of its own, and the last word may be empty.
  read -ra COMP_WORDS <<< "${line//=/ = }"
  case $line in *[' ']) COMP_WORDS+=('') ;; esac
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  _aakit "$program" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  echo "${COMPREPLY[*]}"
done
"""
FISH = """
set fish_function_path $argv[1]/fish $fish_function_path
for file in $argv[1]/fish/aa-*.fish; source $file; end
while read -l line
  set -l offers (complete -C $line | string replace -r '\\t.*' '')
  echo "$offers"
end
exit 0
"""
# A zsh with a terminal, as the completion system does nothing without: what goes to the list of matches is noted as well.
ZSH = r"""
PS1='> '
fpath=($1/zsh $fpath)
autoload -Uz compinit && compinit -D -u
compadd() {
  if (( ! ${argv[(I)-[OAD]*]} )); then
    local -a found
    builtin compadd -O found "$@"
    print -rn -- "$found " >> $offers
  fi
  builtin compadd "$@"
}
next() {
  print >> $offers
  BUFFER=
  print -n 'DO''NE'
}
zle -N next
bindkey '^T' next
"""
LIMIT = 120


def by_pipe(command, lines):
    done = subprocess.run(command, input="\n".join(lines) + "\n", text=True, capture_output=True, timeout=LIMIT, check=False)
    if done.returncode or done.stderr:
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


class Terminal:
    """An interactive program at the other end of a terminal."""

    def __init__(self, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb", HISTFILE="/dev/null")
            os.execvp(command[0], command)

    def send(self, text, answer):
        """Types a text, and waits for the answer."""
        os.write(self.fd, text.encode())
        seen, end = b"", time.monotonic() + LIMIT
        while answer not in seen and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                seen += os.read(self.fd, 4096)
        if answer not in seen:
            sys.exit(f"{text!r}: {answer!r} did not come: {seen!r}")

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def by_zsh(directory, lines):
    with tempfile.TemporaryDirectory() as scratch:
        setup, offers = pathlib.Path(scratch, "setup"), pathlib.Path(scratch, "offers")
        setup.write_text(ZSH)
        terminal = Terminal("zsh", "-f", "-i")
        terminal.send(f"offers={offers}; . {setup} {directory}; echo rea''dy\n", b"ready")
        for line in lines:
            terminal.send(f"{line}\t\x14", b"DONE")
        terminal.close()
        return offers.read_text().splitlines()


def bare(line, offers):
    """The words of the offers as they are typed: fish repeats the option, and fish and zsh mark directories."""
    option = line.split(" ")[-1].partition("=")
    return " ".join(sorted({word.removeprefix(option[0] + option[1] if option[1] else "").rstrip("/") for word in offers.split()}))


def main():
    shell, directory = sys.argv[1:]
    lines = sys.stdin.read().splitlines()
    if shell == "bash":
        offers = by_pipe(["bash", "--norc", "--noprofile", "-c", BASH, "bash", directory], lines)
    elif shell == "fish":
        offers = by_pipe(["fish", "--no-config", "-c", FISH, directory], lines)
    else:
        offers = by_zsh(directory, lines)
    if len(offers) != len(lines):
        sys.exit(f"{len(offers)} answers to {len(lines)} lines")
    for line, offered in zip(lines, offers):
        print(bare(line, offered))


if __name__ == "__main__":
    main()
