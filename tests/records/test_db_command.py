from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from voicebot.cli import main
from voicebot.records.database import current, open_database


def test_upgrading_makes_the_tables_and_may_be_repeated(empty_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = CliRunner().invoke(main, ["db", "upgrade"], env={"DATABASE_URL": empty_url})
        assert (done.exit_code, done.output) == (0, "The database is up to date.\n")
    engine = open_database(empty_url, tmp_path)
    assert current(engine)
    engine.dispose()


def test_without_a_url_the_embedded_database_is_upgraded(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "", "VOICEBOT_DATA": str(tmp_path / "data")}
    assert CliRunner().invoke(main, ["db", "upgrade"], env=environment).exit_code == 0
    engine = open_database("", tmp_path / "data")
    assert current(engine)
    engine.dispose()


def test_a_database_that_does_not_answer_is_told_in_words() -> None:
    nobody = "postgresql://voicebot:secret@127.0.0.1:9/voicebot"  # the discard port: nothing listens there
    done = CliRunner().invoke(main, ["db", "upgrade"], env={"DATABASE_URL": nobody})
    assert done.exit_code == 1
    assert "The database does not answer" in done.output
    assert "secret" not in done.output


def test_a_database_without_the_tables_says_how_to_make_them(empty_url: str, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("customer_number,name,phones,email,address,postcode,city,notes\n1,Jansen,,,,,,\n")
    done = CliRunner().invoke(main, ["customers", "import", str(file)], env={"DATABASE_URL": empty_url})
    assert done.exit_code == 1
    assert "run voicebot db upgrade" in done.output
