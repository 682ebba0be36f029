"""How much our work costs beside what it stands on: one run, everything interleaved, ratios at the end.

    benchmarks/bench.py [--rounds N] [CORPUS]

Measured on the examples, and on articles of a corpus if there is one (a folder, or the environment
variable ARTICLE_CONVERT_CORPUS):

* Markdown in, Markdown or HTML out, beside mistune's own parse of the same text with its plugins;
* PDF beside bare WeasyPrint on the same HTML and CSS;
* the same conversions by pandoc, if it is installed;
* what importing the library and asking for help adds to starting Python;
* the peak memory of one conversion to each format, in a process of its own.

Times are the best of all rounds: other work on the machine only ever adds to a time.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import mistune

import article_convert as ac
from article_convert.report import Report

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "article.md"
MARKDOWN_LIMIT, PDF_LIMIT, IMPORT_LIMIT, HELP_LIMIT = 1.6, 1.1, 0.060, 0.150


def texts(corpus: Path | None) -> dict[str, list[str]]:
    """What is converted: the example, a long article made of it, and some real articles."""
    example = EXAMPLE.read_text(encoding="utf-8")
    body = example.partition("## 一、")[2].partition("作者：")[0]
    found = {"example": [example] * 8, "example × 20": [example.replace(body, body * 20)]}
    pages = [p for p in sorted(corpus.rglob("woshipm/library/**/*.md")) if p.stem.isdigit()] if corpus else []
    if pages:
        found["corpus"] = [page.read_text(encoding="utf-8") for page in pages[:: max(1, len(pages) // 24)][:24]]
    return found


def mistune_parser() -> Callable[[str], object]:
    plugins = ["table", "strikethrough", "url", "task_lists", "footnotes"]
    return mistune.create_markdown(renderer=None, plugins=plugins)


def pandoc(target: str) -> Callable[[str], object] | None:
    program = shutil.which("pandoc")
    if not program:
        return None

    def run(text: str) -> bytes:
        command = [program, "-f", "gfm", "-t", target]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout

    return run


def convert(target: str) -> Callable[[str], object]:
    def run(text: str) -> bytes:
        return ac.convert(text.encode(), reader="gitbook", target=target, report=Report()).output

    return run


def interleaved(work: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The best time of each piece of work, all of them run in turn, `rounds` times."""
    best: dict[str, float] = defaultdict(lambda: float("inf"))
    for _ in range(rounds):
        for name, run in work.items():
            begin = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - begin)
    return best


def markdown_and_html(corpus: Path | None, rounds: int) -> None:
    print("Markdown in, beside mistune's own parse of the same text")
    programs = {
        "mistune parse": mistune_parser(),
        "markdown": convert("markdown"),
        "html": convert("html"),
        "pandoc markdown": pandoc("gfm"),
        "pandoc html": pandoc("html"),
    }
    for name, pages in texts(corpus).items():
        work = {
            program: (lambda run=run, pages=pages: [run(page) for page in pages])
            for program, run in programs.items()
            if run
        }
        best = interleaved(work, rounds)
        size = sum(map(len, pages))
        print(f"  {name} ({len(pages)} articles, {size:,} characters)")
        for program, seconds in best.items():
            limit = MARKDOWN_LIMIT if program in {"markdown", "html"} else None
            line(program, seconds, seconds / best["mistune parse"], limit)


def pdf(rounds: int) -> None:
    """Ours beside WeasyPrint alone, on the HTML, style, pictures and fonts that we hand to it ourselves."""
    print("PDF, beside bare WeasyPrint on the same HTML")
    from article_convert.writers.pdf import layout

    article = ac.clean(ac.read(EXAMPLE))
    jobs: list[layout.PdfJob] = []
    render = layout.render

    def noting(job: layout.PdfJob, report: Report) -> bytes:
        jobs.append(job)
        return render(job, report)

    layout.render = noting
    try:
        ac.write(article, writer="pdf", report=Report())
    finally:
        layout.render = render
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts:
        folders = "".join(f"<dir>{folder}</dir>" for folder in jobs[0].font_folders)
        fonts.write(f'<?xml version="1.0"?><fontconfig>{folders}<cachedir>{fonts.name}.d</cachedir></fontconfig>')
        fonts.flush()
        os.environ["FONTCONFIG_FILE"] = fonts.name
        work = {
            "weasyprint": lambda: bare_weasyprint(jobs[0]),
            "pdf": lambda: ac.write(article, writer="pdf", report=Report()),
        }
        best = interleaved(work, max(2, rounds // 3))
    shutil.rmtree(f"{fonts.name}.d", ignore_errors=True)
    line("weasyprint", best["weasyprint"], 1.0, None)
    line("pdf", best["pdf"], best["pdf"] / best["weasyprint"], PDF_LIMIT)


def bare_weasyprint(job: Any) -> bytes:
    import weasyprint  # type: ignore[import-untyped]

    class Pictures(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> object:
            resource = job.resources.get(url.removeprefix("asset:"))
            if resource is None:
                return super().fetch(url, headers)
            data = resource.location if isinstance(resource.location, bytes) else resource.location.read_bytes()
            return weasyprint.urls.URLFetcherResponse(url, data, {"Content-Type": resource.media_type})

    fetcher, fonts = Pictures(), weasyprint.text.fonts.FontConfiguration()
    styles = [weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=fonts) for css in (job.style, job.css)]
    page = weasyprint.HTML(string=job.html, url_fetcher=fetcher)
    return bytes(page.write_pdf(stylesheets=styles, font_config=fonts, pdf_tags=True))


def start(rounds: int) -> None:
    print("Starting, beside bare Python")

    def python(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True)

    work = {
        "python": python("-c", "pass"),
        "import": python("-c", "import article_convert"),
        "--help": python("-m", "article_convert", "--help"),
    }
    best = interleaved(work, max(10, rounds))
    line("python", best["python"], 1.0, None)
    added = best["import"] - best["python"]
    print(f"  import adds        {added * 1000:9.1f} ms   {verdict(added, IMPORT_LIMIT)} (limit 60 ms)")
    print(
        f"  --help takes       {best['--help'] * 1000:9.1f} ms   {verdict(best['--help'], HELP_LIMIT)} (limit 150 ms)"
    )


def memory() -> None:
    """Read from Linux itself: what `getrusage` tells includes the process that started this one."""
    if not Path("/proc/self/status").exists():
        return
    print("Peak memory of one conversion of the example")
    program = (
        "import sys, re, article_convert as ac;"
        "ac.convert(sys.argv[1], target=sys.argv[2]);"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    for target in ("markdown", "html", "epub", "pdf"):
        command = [sys.executable, "-c", program, str(EXAMPLE), target]
        peak = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        print(f"  {target:<18} {peak / 1024:9.0f} MB")


def line(name: str, seconds: float, ratio: float, limit: float | None) -> None:
    judged = f"{verdict(ratio, limit)} (limit {limit})" if limit else ""
    print(f"    {name:<16} {seconds * 1000:9.1f} ms   × {ratio:5.2f}   {judged}".rstrip())


def verdict(value: float, limit: float) -> str:
    return "ok" if value <= limit else "TOO SLOW"


def main() -> None:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("corpus", nargs="?", type=Path, default=os.environ.get("ARTICLE_CONVERT_CORPUS") or None)
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    corpus = Path(arguments.corpus) if arguments.corpus else None
    markdown_and_html(corpus, arguments.rounds)
    pdf(arguments.rounds)
    start(arguments.rounds)
    memory()


if __name__ == "__main__":
    main()
