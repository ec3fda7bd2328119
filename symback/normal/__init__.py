"""The normal form: a sum of networks of atoms joined by indices; equal normal forms prove equality for all sizes."""
