"""``chatctl recover``."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import click

from chatctl.errors import DataFileCorrupt
from chatctl.server.options import ServeOptions
from chatctl.store.datadir import DataDir

SUFFIXES = ("", "-wal", "-shm")
"""The files that belong to a data file."""


@click.command()
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the server.  [default: your data folder]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recover(data_dir: Path | None, as_json: bool) -> None:
    """Save what can be read of a damaged data file.

    What is readable comes into a new data file; the damaged one stays beside it under another name. No server may
    run on the folder.
    """
    from chatctl.store.recovery import recover as save

    with DataDir(ServeOptions(data_dir=data_dir).folder()) as folder:
        if not folder.data_file.exists():
            raise DataFileCorrupt(f"there is no {folder.data_file}; name the server's folder with --data-dir")
        fresh = folder.data_file.with_name("chatctl.db.new")
        _remove(fresh)
        try:
            saved = save(folder.data_file, fresh)
        except BaseException:
            _remove(fresh)
            raise
        kept = _put_aside(folder.data_file)
        fresh.rename(folder.data_file)
    if as_json:
        tables = {one.table: {"rows": one.rows, "whole": one.whole} for one in saved}
        click.echo(json.dumps({"data_file": str(folder.data_file), "damaged": str(kept), "tables": tables}))
        return
    for one in saved:
        click.echo(f"{one.table:<13}{one.rows:>9}  {'all of it' if one.whole else 'what could be read'}")
    click.echo(f"{folder.data_file} can be used again; the damaged file is {kept}")


def _remove(path: Path) -> None:
    for suffix in SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _put_aside(path: Path) -> Path:
    """Give a data file and what belongs to it a name that is free; return that."""
    kept = next(one for number in count(1) if not (one := path.with_name(f"{path.name}.damaged-{number}")).exists())
    for suffix in SUFFIXES:
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.rename(kept.with_name(kept.name + suffix))
    return kept
