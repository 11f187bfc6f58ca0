"""Fetch a large file over HTTP into a partial file that a later try, or a later run, carries on with."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests
from tqdm import tqdm

from voicebot.errors import InputError

TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
PAUSES = (1.0, 3.0, 10.0)  # seconds before each new try without progress

_BLOCK = 1 << 16  # bytes; what a broken connection loses at most
_FOR_GOOD = range(400, 429)  # statuses that another try does not change; 429 and 5xx may pass


class _AgainError(Exception):
    """This try brought less than the whole file."""


def fetch(url: str, part: Path, size: int | None, pauses: Sequence[float] = PAUSES) -> None:
    """Download `url` into `part`, from where an earlier try ended; `size` in bytes, if known.

    Raises InputError when the server refuses, stays away, or sends more than it should; what came is kept.
    """
    failures = 0
    while True:
        before = _length(part)
        try:
            return _fetch_rest(url, part, size)
        except (requests.RequestException, _AgainError) as error:
            failures = 1 if _length(part) > before else failures + 1
            if failures > len(pauses):
                raise InputError(
                    f"{url} could not be downloaded ({error}): check the connection and run the command again, "
                    "it carries on where it stopped"
                ) from error
            time.sleep(pauses[failures - 1])


def fetch_verified(
    url: str, part: Path, size: int | None, fault: Callable[[], str | None], pauses: Sequence[float] = PAUSES
) -> None:
    """Download `url` into `part` and look at it: `fault` says what is wrong with what came, None for nothing.

    The rest of another file, left by an earlier run, gets one new try from the start. Raises InputError; what is
    wrong is not kept.
    """
    carried_on = part.exists()
    fetch(url, part, size, pauses)
    wrong = fault()
    if wrong and carried_on:
        part.unlink()
        fetch(url, part, size, pauses)
        wrong = fault()
    if wrong:
        part.unlink()
        raise InputError(f"{url} is not installed: {wrong}")


def get_json(url: str, pauses: Sequence[float] = PAUSES) -> object:
    """The JSON at `url`. Raises requests.RequestException after the last try."""
    for pause in pauses:
        try:
            return _json(url)
        except requests.RequestException:
            time.sleep(pause)
    return _json(url)


def _json(url: str) -> object:
    answer = requests.get(url, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json()


def _fetch_rest(url: str, part: Path, size: int | None) -> None:
    have = _length(part)
    if size is not None and have >= size:
        if have == size:
            return
        part.unlink()
        have = 0
    headers = {"Range": f"bytes={have}-", "Accept-Encoding": "identity"}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            _complete(answer, part, have)
            return
        if answer.status_code in _FOR_GOOD:
            raise InputError(f"{url} is refused with status {answer.status_code}: check the name and the address")
        answer.raise_for_status()
        start = have if answer.headers.get("Content-Range", "").startswith(f"bytes {have}-") else 0
        whole = _whole(url, answer, start, size)
        _enough_room(part, whole - start)
        _write(answer, part, start, whole)


def _complete(answer: requests.Response, part: Path, have: int) -> None:
    """Nothing is left to send: either all is here, or what is here is of another file."""
    if answer.headers.get("Content-Range") != f"bytes */{have}":
        part.unlink()
        raise _AgainError("the file on the server changed")


def _whole(url: str, answer: requests.Response, start: int, size: int | None) -> int:
    """The length of the whole file in bytes."""
    if "Content-Length" not in answer.headers:
        raise InputError(f"{url} comes without its length: use a server that tells it")
    whole = start + int(answer.headers["Content-Length"])
    if size is not None and whole != size:
        raise InputError(f"{url} has {whole} bytes where {size} are announced: try another address")
    return whole


def _enough_room(part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise InputError(
            f"{part.parent} has room for {free >> 20} MB, the download needs {needed >> 20} MB: "
            "free some space or use another folder"
        )


def _write(answer: requests.Response, part: Path, start: int, whole: int) -> None:
    bar = tqdm(total=whole, initial=start, unit="B", unit_scale=True, desc=part.stem.lstrip("."), disable=None)
    with part.open("r+b" if start else "wb") as file, bar:
        file.seek(start)
        for block in answer.iter_content(_BLOCK):
            file.write(block)
            bar.update(len(block))
    if _length(part) != whole:
        raise _AgainError("the connection ended early")


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
