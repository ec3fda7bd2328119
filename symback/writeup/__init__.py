"""The write-up of a derivation: typeset formulas, a document without a format, and its rendering."""
