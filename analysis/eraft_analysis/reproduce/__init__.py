"""Holds what our runs measured against what was published: a table of verdicts and a figure per experiment."""
