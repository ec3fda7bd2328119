"""Diagnosis: what people do wrong, a family of hypotheses a file, and the search for the simplest that explains it."""
