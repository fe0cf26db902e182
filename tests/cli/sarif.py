#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares a document with what SARIF 2.1.0 requires of the parts that aa-compile writes."""
import json
import sys

import jsonschema


def closed(required, **properties):
    """An object that has no other members, as SARIF's are."""
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def listed(items):
    return {"type": "array", "items": items}


TEXT = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
COUNT = {"type": "integer", "minimum": 1}
MESSAGE = closed(["text"], text=TEXT)
LOCATION = closed(
    [],
    physicalLocation=closed(
        ["artifactLocation"],
        artifactLocation=closed([], uri={"type": "string", "pattern": "^[A-Za-z0-9._~:/%-]+$"}),
        region=closed([], startLine=COUNT, startColumn=COUNT, endColumn=COUNT),
    ),
)
RESULT = closed(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=listed(LOCATION),
    relatedLocations=listed(LOCATION),
    properties=closed([], only_for=listed(TEXT)),
    suppressions=listed(closed(["kind"], kind={"enum": ["inSource", "external"]}, justification=TEXT)),
)
RULE = closed(
    ["id"],
    id=TEXT,
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed([], level=LEVEL),
)
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=closed(["name"], name=TEXT, version=TEXT, rules=listed(RULE))),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=listed(
        closed(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=listed(closed(["message"], level=LEVEL, message=MESSAGE)),
        )
    ),
    results=listed(RESULT),
)
SARIF = closed(["version", "runs"], **{"$schema": {"type": "string", "format": "uri"}}, version={"const": "2.1.0"}, runs=listed(RUN))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    jsonschema.validate(document, SARIF)
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"], result
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["endColumn"] >= region["startColumn"], region
    assert any("only_for" in result.get("properties", {}) for result in run["results"])
    silenced = [result for result in run["results"] if "suppressions" in result]
    assert [result["ruleId"] for result in silenced] == ["run-unconfined"], silenced
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "broken" not in document or run["invocations"][0]["toolExecutionNotifications"]


main()
