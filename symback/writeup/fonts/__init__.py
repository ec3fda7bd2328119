"""The mathematics font that pages carry, and how it is made."""
