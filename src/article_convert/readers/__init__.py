"""Bytes to tree, one module or package for each dialect; `html`, `canonical` and `decode` are shared."""
