"""What leaves symback: a NumPy module, JSON, SymPy expressions; and SymPy expressions coming in."""
