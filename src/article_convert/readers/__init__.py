"""Bytes to tree, one module or package for each dialect; `html_elements`, `canonical` and `decode` are shared."""
