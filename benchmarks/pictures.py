"""A book of many articles with eight pictures each, fetched from a server on this machine.

    python benchmarks/pictures.py FOLDER [--articles 100,437] [--to epub] [-- OPTIONS OF THE COMMAND]

The articles are the first of the Markdown files in FOLDER; their own pictures are replaced by generated
ones: photographs as JPEG and WebP, screenshots as PNG, no two with the same bytes. Each size is converted three
times by the command in a process of its own: with an empty cache, again with the full one, and
offline. Printed are seconds on the clock and of work, peak memory of that process, the size of the
book and the requests it made: the second run must make none, and all three books must be the same bytes.
"""

from __future__ import annotations

import argparse
import io
import re
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image, ImageDraw

PICTURES = 8
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img[^>]*>")
_LAUNCH = "import sys; from article_convert.cli import main; sys.exit(main(sys.argv[1:]))"
_MEASURED = """
import json, resource, subprocess, sys, time
begun = time.monotonic()
status = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
spent = used.ru_utime + used.ru_stime
print(json.dumps([status, time.monotonic() - begun, spent, used.ru_maxrss / 1024]))
"""


def photograph(seed: int) -> Image.Image:
    """1,200 × 800 pixels with soft shapes and grain; `seed` moves them."""
    across = Image.linear_gradient("L").resize((1200, 800)).rotate(seed % 360)
    round_ = Image.radial_gradient("L").resize((1200, 800))
    grain = Image.effect_noise((1200, 800), 12)
    image = Image.merge("RGB", (across, round_, Image.blend(across, grain, 0.3)))
    ImageDraw.Draw(image).ellipse([seed % 900, 100, seed % 900 + 300, 400], fill=(200, seed % 256, 80))
    return image


def screenshot(seed: int) -> Image.Image:
    """A window of 1,080 × 700 pixels with lines of text; `seed` stands in each."""
    image = Image.new("RGB", (1080, 700), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, 1080, 48], fill="#dfe6ee")
    for line in range(30):
        draw.text((24, 64 + 21 * line), f"{seed:06} {line:02} " + "the quick brown fox " * 7, "#222")
    return image


@cache
def drawn(seed: int) -> tuple[str, bytes]:
    """A picture and its format: two photographs as JPEG, one as WebP, one screenshot, and so on."""
    kind = ("JPEG", "JPEG", "WEBP", "PNG")[seed % 4]
    out = io.BytesIO()
    image = screenshot(seed) if kind == "PNG" else photograph(seed)
    image.save(out, kind, quality=85)
    return kind, out.getvalue()


def picture(number: int) -> bytes:
    """The picture of that number: one of 24, with its number in a place that no decoder looks at."""
    kind, data = drawn(number % 24)
    mark = f"{number:08}".encode()
    if kind == "JPEG":
        return data[:2] + b"\xff\xfe\x00\x0a" + mark + data[2:]
    if kind == "PNG":
        chunk = b"tEXt" + b"n\0" + mark
        return data[:33] + struct.pack(">I", 10) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    data += b"MARK" + struct.pack("<I", 8) + mark
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def serve() -> None:
    """Serve `/NUMBER` on a free port of 127.0.0.1, which is printed; `/requests` tells how many there were."""
    requests = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            nonlocal requests
            name = self.path.strip("/")
            requests += name != "requests"
            body = str(requests).encode() if name == "requests" else picture(int(name))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        wbufsize = -1  # headers and body in one piece

        def log_message(self, format: str, *args: object) -> None: ...

    for number in range(24):
        drawn(number)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def articles(source: Path, target: Path, number: int, base: str) -> list[Path]:
    """The first `number` articles of `source` in `target`, each with its eight pictures."""
    made = []
    files = sorted(path for path in source.rglob("*.md") if path.name not in ("SUMMARY.md", "README.md"))
    for index, path in enumerate(files[:number]):
        text = _IMAGE.sub("", path.read_text("utf-8"))
        places = (f"![picture {index}.{each}]({base}/{index * PICTURES + each})" for each in range(PICTURES))
        made.append(target / f"{index:04}.md")
        made[-1].write_text("\n\n".join([text, *places]) + "\n", "utf-8")
    return made


def asked(base: str) -> int:
    """How many pictures the server has given."""
    import urllib.request

    with urllib.request.urlopen(f"{base}/requests", timeout=10) as answer:
        return int(answer.read())


def measure(files: list[Path], output: Path, base: str, options: list[str]) -> tuple[float, float, float, int]:
    """Seconds on the clock and of work, peak megabytes, and requests of one conversion."""
    import json

    before = asked(base)
    command = [sys.executable, "-c", _LAUNCH, *map(str, files), "-o", str(output), "-q", *options]
    run = subprocess.run([sys.executable, "-c", _MEASURED, *command], stdout=subprocess.PIPE, check=True, text=True)
    status, seconds, spent, peak = json.loads(run.stdout)
    if status:
        raise SystemExit(f"the command ended with {status}")
    return seconds, spent, peak, asked(base) - before


def main() -> None:
    """Measure each size three times and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--articles", default="100,437")
    parser.add_argument("--to", default="epub")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("options", nargs="*", help="options of the command, after --")
    args = parser.parse_args()
    if args.serve:
        serve()
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        base = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        names = ("articles", "run", "seconds", "of work", "peak MB", "book MB", "requests")
        print(*(f"{name:>8}" for name in names), " SHA-256")
        for number in args.articles.split(","):
            with tempfile.TemporaryDirectory() as place:
                compare(args, Path(place), int(number), base)
    finally:
        server.terminate()


def compare(args: argparse.Namespace, place: Path, number: int, base: str) -> None:
    """Three runs of one size."""
    files = articles(args.folder, place, number, base)
    kept = ["--cache", str(place / "cache"), *args.options]
    allow = ["--allow-host", base.removeprefix("http://")]
    for name, options in (("fetching", kept + allow), ("again", kept + allow), ("offline", [*kept, "--offline"])):
        output = place / f"book.{args.to}"
        output.unlink(missing_ok=True)
        seconds, spent, peak, requests = measure(files, output, base, options)
        time.sleep(0.1)
        size = output.stat().st_size / 1_000_000
        digest = sha256(output.read_bytes()).hexdigest()[:12]
        line = f"{len(files):>8} {name:>8} {seconds:>8.1f} {spent:>8.1f} {peak:>8.0f} {size:>8.1f} {requests:>8}"
        print(f"{line}  {digest}", flush=True)


if __name__ == "__main__":
    main()
