"""When to leave alone what fails, as a function of what has happened; and one attempt among many threads."""

from __future__ import annotations

import threading

from voicebot.breaker import Breaker, Circuit


def after(*outcomes: tuple[float, bool]) -> Circuit:
    circuit = Circuit()
    for at, worked in outcomes:
        circuit = circuit.after(at, worked=worked)
    return circuit


def test_three_failures_in_a_row_make_it_rest() -> None:
    assert after((0, False), (1, False)).admits(1)
    circuit = after((0, False), (1, False), (2, False))
    assert not circuit.admits(2) and not circuit.admits(16.9)
    assert circuit.admits(17)


def test_a_success_between_failures_counts_anew() -> None:
    assert after((0, False), (1, False), (2, True), (3, False), (4, False)).admits(4)


def test_failures_long_apart_are_no_row() -> None:
    assert after((0, False), (20, False), (31, False)).admits(31)
    assert not after((0, False), (20, False), (31, False), (32, False)).admits(32)


def test_after_the_rest_one_failure_makes_it_rest_again() -> None:
    circuit = after((0, False), (1, False), (2, False)).tried(17).after(18, worked=False)
    assert not circuit.admits(32.9)
    assert circuit.admits(33)


def test_after_the_rest_one_success_makes_all_well() -> None:
    circuit = after((0, False), (1, False), (2, False)).tried(17).after(18, worked=True)
    assert circuit == Circuit()


def test_an_attempt_whose_outcome_never_comes_is_followed_by_another() -> None:
    circuit = after((0, False), (1, False), (2, False)).tried(17)
    assert not circuit.admits(31.9)
    assert circuit.admits(32)


def test_after_the_rest_one_of_many_threads_tries() -> None:
    breaker = Breaker()
    for at in (0.0, 1.0, 2.0):
        assert breaker.admits(at)
        breaker.record(at, worked=False)
    admitted: list[bool] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        admitted.append(breaker.admits(20.0))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(admitted) == [False] * 7 + [True]
