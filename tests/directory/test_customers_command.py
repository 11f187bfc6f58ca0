from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicebot.cli import main
from voicebot.directory.customers import SqlDirectory
from voicebot.records.database import open_database

HEADER = "customer_number,name,phones,email,address,postcode,city,notes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    file.write_text("\n".join([HEADER, *(f"{number},Klant,,,,,," for number in range(1204)), ""]))
    return file


def run(data: Path, *words: str) -> Result:
    environment = {"DATABASE_URL": "", "VOICEBOT_DATA": str(data)}
    return CliRunner().invoke(main, ["customers", "import", *words], env=environment)


def test_importing_tells_how_many_are_new_and_changed(file: Path, tmp_path: Path) -> None:
    assert run(tmp_path, str(file)).stdout == "1,204 customers imported (1,204 new, 0 changed)\n"
    assert run(tmp_path, str(file)).stdout == "1,204 customers imported (0 new, 1,204 changed)\n"


def test_a_program_reads_the_result_as_json(file: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(file), "--json")
    assert json.loads(done.stdout) == {"imported": 1204, "new": 1204, "changed": 0}


def test_progress_does_not_mix_with_the_result(file: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(file))
    assert "Reading: 1204 rows" in done.stderr
    assert "Storing: 1204 rows" in done.stderr
    assert "\r" not in done.stdout


def test_faults_in_the_file_end_with_status_1(file: Path, tmp_path: Path) -> None:
    file.write_text(f"{HEADER}\n1,,,,,,,\n2,B,0612,,,,,\n")
    done = run(tmp_path, str(file))
    assert done.exit_code == 1
    assert f"{file}:2: no name" in done.stderr
    assert f"{file}:3: '0612' is no telephone number in NL" in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_not_there_and_a_country_that_is_none_are_usage_faults(file: Path, tmp_path: Path) -> None:
    assert run(tmp_path, str(tmp_path / "none.csv")).exit_code == 2
    done = run(tmp_path, str(file), "--region", "XX")
    assert done.exit_code == 2
    assert "XX is no country" in done.stderr


def test_the_region_may_be_written_small(file: Path, tmp_path: Path) -> None:
    file.write_text(f"{HEADER}\n1,A,07700 900101,,,,,\n")
    assert run(tmp_path, str(file), "--region", "gb").exit_code == 0
    engine = open_database("", tmp_path)
    assert len(SqlDirectory(engine).by_phone("+447700900101")) == 1
    engine.dispose()
