"""Answers a company's telephone with one open question and connects the caller to a person."""
