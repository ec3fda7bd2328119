"""The numerical check: random draws, differences of the user's own text, and the check of every step and result."""
