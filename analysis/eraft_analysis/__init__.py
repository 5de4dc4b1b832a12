"""Figures and summaries from the CSV traces of an eraft run."""
