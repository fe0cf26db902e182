#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares states with their JSON Schema.

states.py AA_LEARN SCHEMA DIR    every state below DIR that AA_LEARN reads fits (those of up to 100 KiB, and 40 of them)
states.py --refused SCHEMA FILE...    no FILE fits

Ends with 1 where that is not so, and with 77 where python3-jsonschema or python3-yaml is missing.
"""
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"# {error}")
    sys.exit(77)

MAX_BYTES = 100 << 10
MAX_FILES = 40


def misfits(validator, path):
    """What the schema objects to in the file, or None."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        return f"{path}: {error}"
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return error and f"{path}: {error.json_path}: {error.message[:200]}"


def main(first, schema, *rest):
    schema = json.loads(pathlib.Path(schema).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    if first == "--refused":
        wrong = [f"{name}: fits" for name in rest if not misfits(validator, pathlib.Path(name))]
    else:
        found = sorted(pathlib.Path(rest[0]).rglob("*.learned.yaml"))
        states = [f for f in found if f.is_file() and not f.is_symlink() and f.stat().st_size <= MAX_BYTES]
        states = states[:: len(states) // MAX_FILES + 1]
        read = [f for f in states if subprocess.run([first, "profile", f], capture_output=True).returncode == 0]
        print(f"# {len(read)} states")
        wrong = [text for text in (misfits(validator, f) for f in read) if text]
    for text in wrong:
        print(f"# {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
