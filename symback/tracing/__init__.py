"""Real code in: a NumPy function run on symbolic arrays, and its hand-written backward pass judged."""
