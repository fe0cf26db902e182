#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares documents that programs print with their JSON Schemas.

documents.py SCHEMADIR FILE    FILE is one document, which fits the schema that it names; and no damage to it fits: a member
                               too many, one too few, or one of another type, wherever that may be

Ends with 1 where that is not so, and with 77 where python3-jsonschema is missing.
"""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError as error:
    print(f"# {error}")
    sys.exit(77)

# What a document may lack; all else is there in every one.
OPTIONAL = {"mode", "old-mode", "hash", "since", "reason", "wearers", "namespace", "pod", "container", "id"}
# What only some objects of a document have, by the document.
SOMETIMES = {"aakit/seccomp/1": {"group", "why"}}


def objects(value):
    """Every object of a document."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(child)


def damaged(document):
    """(what was done, the document with it), for each object and member."""
    for number, found in enumerate(objects(document)):
        for key in [None, *found]:
            other = copy.deepcopy(document)
            target = list(objects(other))[number]
            if key is None:
                target["another"] = 1
                yield "another member", other
                continue
            value = target.pop(key)
            if key not in OPTIONAL | SOMETIMES.get(document["schema"], set()):
                yield f"no {key}", copy.deepcopy(other)
            target[key] = {"x": 1} if not isinstance(value, dict) else 1
            yield f"{key} of another type", other


def main(schemas, name):
    document = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
    kind, version = document["schema"].split("/")[1:]
    schema = json.loads((pathlib.Path(schemas) / f"{kind}-{version}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    wrong = [f"{error.json_path}: {error.message[:200]}"] if error else []
    wrong += [f"{what} fits too" for what, other in damaged(document) if validator.is_valid(other)]
    for text in wrong:
        print(f"# {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
