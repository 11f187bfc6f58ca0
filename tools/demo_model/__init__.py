"""Builds the demo speech models in models/: synthetic voices teach a small Kaldi network that real libvosk runs."""
