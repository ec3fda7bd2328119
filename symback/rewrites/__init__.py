"""Named identities, one family a file, and the engine that applies them and records each as a step."""
