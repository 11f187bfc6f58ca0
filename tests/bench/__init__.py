"""Benchmarks, which print tables and assert nothing."""
