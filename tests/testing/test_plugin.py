"""The plugin as a developer meets it: in a project of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    for folder in ("dialplans", "models"):
        (pytester.path / folder).symlink_to(ROOT / folder)
    return pytester


def test_the_example_of_the_readme_passes(project: pytest.Pytester) -> None:
    code = (ROOT / "README.md").read_text().split("```python\n")[1].split("```")[0]
    project.makepyfile(code)
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_call_that_nobody_looked_at_is_told_as_a_mistake_in_the_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_forgets_to_look(phone, agent):
            agent("anna").ready()
            phone("+31612345678").calls().says("ik snap mijn factuur niet")
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*a call from +31612345678 was prepared, and nobody looked at what became of it*"])


def test_a_wrong_expectation_shows_what_happened_in_the_call(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_expects_another_intent(phone, agent):
            agent("anna").ready()
            call = phone("+31612345678").calls().says("ik snap mijn factuur niet")
            assert call.intent == "moving", str(call)
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*spoke*ik snap mijn factuur niet*", "*understood*invoice*"])
