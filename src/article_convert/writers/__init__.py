"""Writers: the tree as the bytes of a format."""
