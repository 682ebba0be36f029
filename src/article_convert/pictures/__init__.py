"""What the bytes of a picture say of themselves; nothing is decoded, fetched or changed here.

sniff    the media type, by the first bytes
header   size, movement, colours of print, whether the file is whole
svg      why a drawing is more than a picture
"""
