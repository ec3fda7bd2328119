"""Matrix expressions: dimensions, interned nodes with checked shapes, and walks over them."""
