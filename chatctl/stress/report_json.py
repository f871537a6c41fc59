"""The summary as JSON: ``chatctl.stress/1``, described by the schema file next to this module."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from chatctl.stress.summary import SCHEMA, Summary


def as_document(summary: Summary) -> dict[str, Any]:
    """The report as plain values: units in the names, ``None`` for what is unknown."""
    document: dict[str, Any] = asdict(summary.findings)
    for trial, given in zip(document["limit"]["trials"], summary.findings.limit.trials, strict=True):
        trial["undecided"] = given.undecided
    setting = {name: document.pop(name) for name in ("run", "target", "config", "environment")}
    verdict, checks = asdict(summary.verdict), [asdict(check) for check in summary.checks]
    return {"schema": SCHEMA, **setting, "verdict": verdict, "checks": checks, **document}


def as_json(summary: Summary) -> str:
    """The report as a JSON text; never NaN."""
    return json.dumps(as_document(summary), indent=2, allow_nan=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema that every report meets."""
    text = files("chatctl.stress").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
