"""A small EPUB in which no device finds anything, and the same with one thing wrong."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Tiny", "gif", "jpeg", "png"]

CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:12345678-1234-5678-1234-567812345678</dc:identifier>
<dc:title>煮面</dc:title>
<dc:language>zh</dc:language>
<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>
<meta name="cover" content="cover"/>
</metadata>
<manifest>
<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>
<item id="css" href="style.css" media-type="text/css"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
</manifest>
<spine toc="ncx"><itemref idref="one"/></spine>
</package>
"""
NAV = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh" xml:lang="zh">
<head><title>目录</title></head>
<body><nav epub:type="toc"><ol><li><a href="one.xhtml">煮面</a></li></ol></nav></body>
</html>
"""
NCX = """<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
<head><meta name="dtb:uid" content="urn:uuid:12345678-1234-5678-1234-567812345678"/></head>
<docTitle><text>煮面</text></docTitle>
<navMap><navPoint id="n1" playOrder="1"><navLabel><text>煮面</text></navLabel>
<content src="one.xhtml"/></navPoint></navMap>
</ncx>
"""
ONE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh" xml:lang="zh">
<head><title>煮面</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>
<h1 id="top">煮面</h1>
<p>水开了，再下面。<a href="https://example.org/">出处</a></p>
<img src="cover.png" alt="一碗面"/>
</body>
</html>
"""
CSS = "p { margin: 0 0 0.8em; }\n.right { text-align: right; }\n"


def png(width: int = 3, height: int = 4) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x80" * width) * height if width * height < 100_000 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + packed


def jpeg(width: int = 3, height: int = 4, colours: int = 3) -> bytes:
    """The header of a JPEG and its end, with nothing to see between them."""
    frame = struct.pack(">BHHB", 8, height, width, colours) + b"\x01\x11\x00" * colours
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def gif(frames: int = 1) -> bytes:
    one = b"\x2c\0\0\0\0\1\0\1\0\0" + b"\x02\x02\x44\x01\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + one * frames + b"\x3b"


@dataclass
class Tiny:
    """The files of a small EPUB, to be changed and packed."""

    files: dict[str, bytes] = field(default_factory=dict)
    first: bytes = b"application/epub+zip"
    compress_first: bool = False

    def __post_init__(self) -> None:
        texts = {
            "META-INF/container.xml": CONTAINER,
            "EPUB/content.opf": PACKAGE,
            "EPUB/nav.xhtml": NAV,
            "EPUB/toc.ncx": NCX,
            "EPUB/one.xhtml": ONE,
            "EPUB/style.css": CSS,
        }
        self.files = {name: text.encode() for name, text in texts.items()} | {"EPUB/cover.png": png()} | self.files

    def replace(self, name: str, old: str, new: str) -> Tiny:
        """One file with `new` in place of `old`, which must stand in it."""
        name = name if "/" in name else f"EPUB/{name}"
        text = self.files[name].decode()
        assert old in text, f"{old!r} is not in {name}"
        self.files[name] = text.replace(old, new).encode()
        return self

    def body(self, markup: str) -> Tiny:
        """More at the end of the only chapter."""
        return self.replace("one.xhtml", "</body>", f"{markup}\n</body>")

    def css(self, text: str) -> Tiny:
        self.files["EPUB/style.css"] += text.encode()
        return self

    def add(self, name: str, data: bytes, media_type: str, properties: str = "", show: bool = False) -> Tiny:
        """A file that the manifest lists, and that the chapter shows as a picture if asked to."""
        self.files[f"EPUB/{name}"] = data
        more = f' properties="{properties}"' if properties else ""
        item = f'<item id="x-{len(self.files)}" href="{name}" media-type="{media_type}"{more}/>'
        self.replace("content.opf", "</manifest>", f"{item}\n</manifest>")
        return self.body(f'<img src="{name}" alt="图"/>') if show else self

    def drop(self, name: str) -> Tiny:
        del self.files[f"EPUB/{name}"]
        return self

    def pack(self, change: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
        """The archive; `change` may put more into it."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            if self.first:
                kind = zipfile.ZIP_DEFLATED if self.compress_first else zipfile.ZIP_STORED
                archive.writestr(zipfile.ZipInfo("mimetype"), self.first, kind)
            for name, data in self.files.items():
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
            if change is not None:
                change(archive)
        return out.getvalue()
