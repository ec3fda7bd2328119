"""The derivation language: read text into expressions (never executing it), and write expressions as text."""
