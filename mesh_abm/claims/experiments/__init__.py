"""Experiments that several claims share: one kind of simulation a file."""
