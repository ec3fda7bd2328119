"""Diagnosis: what people do wrong, one family of hypotheses a file, and the search for the simplest that explains a claim."""
