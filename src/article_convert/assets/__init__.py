"""Bytes of pictures: where they come from and what they are."""
