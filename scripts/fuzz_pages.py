# ruff: noqa: E501 - pages are printed in long lines
"""Read thousands of broken pages, and hold what must be true of each of them.

    scripts/fuzz_pages.py [--count 20000] [--seed 1] [--jobs 2] [--only NUMBER]

Page `NUMBER` of a seed is the same everywhere. Each is a page of `tests/woshipm_pages.py`, of
`tests/pages/` or of `SAMPLES` below, with up to eight mutations: cut off, bytes swapped, doubled,
deleted or changed, tags, entities and control bytes put in, pages spliced. Processes with a limit on
memory read it; one that takes too long is ended. What must be true:

- the reader gives an article or raises an error of `article_convert.errors`, and nothing else;
- it does so in a few seconds of work: the pages are below 400 KB;
- the article is well-formed, and shows something;
- every letter that a browser shows of the page is in the article, in its metadata or in a reported
  removal (asked of an HTML5 parser that the readers do not use; where the two understand a broken
  tag differently, a few letters are forgiven).
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import article_convert as ac  # noqa: E402
import laws  # noqa: E402
import woshipm_pages  # noqa: E402
from article_convert.errors import ArticleConvertError  # noqa: E402
from article_convert.model import Embed, Image, Math, MathBlock, RawBlock, RawInline, ThematicBreak  # noqa: E402
from article_convert.readers.decode import decode  # noqa: E402
from article_convert.report import Report  # noqa: E402
from article_convert.tree import check, text_of, walk  # noqa: E402

READING = 5.0
SECONDS = 180
MEMORY = 2 << 30
FORGIVEN = 16
FOREIGN = re.compile(
    r"<(?:math|svg)\b(?:(?!</(?:math|svg)).)*<(?:style|title|textarea|script|xmp|iframe|noscript)", re.S | re.I
)
SHOWN = (Embed, Image, Math, MathBlock, RawBlock, RawInline, ThematicBreak)


# --------------------------------------------------------------------------- pages to begin with

SAMPLES = (
    """<!DOCTYPE html><html lang="en"><head><title>Bread | The Oven</title><meta property="og:site_name" content="The Oven">
<script type="application/ld+json">{"@type": "BlogPosting", "headline": "Bread", "author": {"name": "Bo"}}</script>
</head><body><nav><ul><li><a href="/">Home</a></li></ul></nav><main><article><h1>Bread</h1><p>Flour, water, salt, <em>time</em>.</p>
<h3>Steps</h3><ol start="3"><li>Mix<ul><li>slowly</li></ul></li><li><p>Wait</p></li></ol><dl><dt>Levain</dt><dd>old dough</dd></dl>
<figure><img src="a.jpg" data-src="b.jpg" srcset="c.jpg 2x" alt="loaf"><figcaption>A <b>loaf</b></figcaption></figure>
<table><caption>Times</caption><thead><tr><th>A<th colspan=2>B</thead><tr><td rowspan=2>1<td>2<td>3<tr><td>4</table>
<pre class="highlight"><code class="language-py">for x in y:\n    bake(x &lt; 3)</code></pre><details><summary>More</summary>less</details>
<p>Sum <span class="katex"><annotation encoding="application/x-tex">a^2</annotation></span> <math alttext="x"><mi>x</mi></math></p>
<blockquote><blockquote><p>quoted<br>twice</p></blockquote></blockquote><iframe src="https://player.vimeo.com/video/1"></iframe>
<noscript><img src="d.jpg"></noscript><p style="display:none">hidden words</p><ruby>漢<rp>(</rp><rt>hàn</rt></ruby>
</article></main><aside>Related: <a href="/2">Butter</a></aside><footer>© The Oven</footer></body></html>""",
    """<div id="js_content"><section><p style="font-weight: bold">导语</p><section><img data-src="https://mmbiz.example/1"></section>
<p>第一段，讲一件小事。</p><p><span style="font-weight:700">粗</span>的字，<a href="https://link.zhihu.com/?target=https%3A//a.example">链接</a>。</p>
</section></div><script>var x = "<p>not text</p>";</script>""",
    """<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td><td><pre>a = 1\nb = 2</pre></td></tr></table>
<p>公式 <script type="math/tex">\\frac12</script> 和 <mjx-container aria-label="\\pi"></mjx-container>。</p><p>vector&lt;int&gt; 与 List<String></p>""",
)  # fmt: skip


def _article() -> Any:
    """An article for the generator of pages, with a construct of each kind it can print."""
    from article_convert.model import (
        Article,
        Author,
        BlockQuote,
        CodeBlock,
        Figure,
        Heading,
        LineBreak,
        Link,
        List,
        ListItem,
        Metadata,
        Paragraph,
        Stats,
        Strong,
        Text,
    )

    def line(words: str) -> Paragraph:
        return Paragraph((Text(words),))

    lead = "https://image.woshipm.com/wp-files/2022/03/AbCdEfGhIjKlMnOpQrSt.png"
    content = (
        BlockQuote((line("雨天的伞架，是一家店最诚实的广告。"),)),
        Figure(Image(lead)),
        Heading(2, (Text("一、门口"),)),
        Paragraph((Text("先放"), Strong((Text("伞架"),)), Text("，再放"), Link((Text("地垫"),), "https://a.example/?b=1&c=2"))),
        List((ListItem((line("伞架要重"),)), ListItem((line("地垫要大"),)))),
        CodeBlock("def rain(mm):\n    return mm > 3"),
        Paragraph((Text("第一行"), LineBreak(), Text("第二行"))),
        Heading(3, (Text("1. 收伞的人"),)),
        line("收伞的人多半不急着走，这时候递上一条毛巾。" * 4),
    )  # fmt: skip
    metadata = Metadata(
        title="雨天的伞架",
        authors=(Author("江_雨", "https://www.woshipm.com/u/900200", "https://static.woshipm.com/APP_U_2.jpg"),),
        published=date(2022, 3, 4),
        source_url="https://www.woshipm.com/operate/5100002.html",
        category="Operate",
        tags=("门店", "雨"),
        summary="雨天的伞架，是一家店最诚实的广告。",
        lead_image=lead,
        stats=Stats(views=120, comments=3, collects=4, likes=5, reading_minutes=6),
    )
    return Article(content, metadata)


@cache
def beginnings() -> tuple[tuple[str, bytes], ...]:
    """What is mutated: the reader that a page is made for, and its bytes."""
    pages = [("woshipm", woshipm_pages.page(_article(), theme)) for theme in woshipm_pages.THEMES]
    pages += [("woshipm", path.read_bytes()) for path in sorted((ROOT / "tests" / "pages").iterdir())]
    pages += [("html", sample.encode()) for sample in SAMPLES]
    pages += [("html", ac.write(_article(), writer="html"))]
    pages += [("html", SAMPLES[1].encode("utf-16")), ("html", SAMPLES[1].encode("gb18030"))]
    return tuple(pages)


# --------------------------------------------------------------------------- mutations

_PIECES = (
    *(piece.encode("utf-8", "surrogatepass") for piece in (
        *"< > & \" ' / = ! - ; # \0 \r \x0b \x0c \x1b \x85 \ufeff \ufffe \ud800 \u2028 \u200b".split(" "),
        *"<a> </a> <p> </p> <b> </b> <div> </div> <table> <td> </table> <li> <ul> <pre> </pre> <body> </body> </html>".split(),
        *"<script> </script> <style> <title> <textarea> <select> <option> <svg> <math> <template> <noscript> <iframe>".split(),
        *"<!-- --> <![CDATA[ ]]> <!DOCTYPE <? ?> <form> <plaintext> <xmp> <frameset> <base> <h2> <caption> <dl> <dd>".split(),
        *"&amp &#0; &#xD800; &#x80; &#x110000; &#xfffe; &lt; &nbsp; &unknown; &#99999999999999; &#xDC00;&#xD83D;".split(),
        *"<o:p> <x-y> <Role> <b站> <a\xa0b> <img> <img/src=x> <br/> </br> </p><p> <p/> <a/href=x>".split(),
        '<p hidden>', '<div style="display:none">', '<a href="', "<a b='", '<span class="katex">', '<pre class="gutter">',
        '<div class="article--content">', '<div class="grap">', '<article>', '<meta charset="utf-16">', '<meta charset=gbk>',
        '<td colspan="99999" rowspan="-1">', '<ol start="-3">', '<h7>', '<input type="checkbox">', '<figcaption>',
    )),
    b"\xff", b"\xfe\xff", b"\x80", b"\xe4\xb8", b"\xef\xbb\xbf", b"\x81\x30\x81\x30",
)  # fmt: skip


def mutated(seed: int, number: int) -> tuple[str, bytes]:
    """The page of that number: which reader to give it to, and its bytes."""
    chance = random.Random(f"{seed}:{number}")
    pages = beginnings()
    reader, source = chance.choice(pages)
    data = bytearray(source)
    for _ in range(chance.randrange(1, 9)):
        _mutate(data, chance, [page for _, page in pages])
    return (reader if chance.random() < 0.7 else chance.choice(("html", "woshipm"))), bytes(data)


def _mutate(data: bytearray, chance: random.Random, pages: Sequence[bytes]) -> None:
    size = max(len(data), 1)
    start = chance.randrange(size)
    some = min(int(chance.paretovariate(0.6)), size)
    match chance.randrange(10):
        case 0 if chance.random() < 0.4:
            del data[start:]
        case 1:
            del data[start : start + some]
        case 2 | 3 | 4 | 5:
            data[start:start] = chance.choice(_PIECES) * chance.choice((1, 1, 1, 1, 2, 30, 3000))
        case 6:
            data[start:start] = data[chance.randrange(size) :][:some] * chance.choice((1, 2, 3, 200))
        case 7:
            other = chance.choice(pages)
            data[start : start + some] = other[chance.randrange(len(other)) :][: chance.randrange(1, 4000)]
        case 8:
            end = min(start + some, size)
            data[start:end] = data[start:end][::-1]
        case _:
            for _ in range(chance.randrange(1, 20)):
                place = chance.randrange(max(len(data), 1))
                data[place : place + 1] = bytes([chance.randrange(256)])
    del data[400_000:]


# --------------------------------------------------------------------------- what must be true


def verdict(reader: str, data: bytes) -> str:
    """What is wrong with reading `data`, or `""`."""
    report = Report()
    begun = time.process_time()
    try:
        article = ac.read(data, reader, report=report)
        check(article)
        if time.process_time() - begun > READING:
            return f"slow: {time.process_time() - begun:.1f} seconds of work"
    except ArticleConvertError as error:
        return "" if str(error).strip() and "\n" not in str(error) else "an error that says nothing"
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:80]} ({Path(where.filename).name}:{where.lineno})"
    if not text_of(article).strip() and not any(isinstance(node, SHOWN) for node in walk(article)):
        return "an empty article without an error"
    lost = "".join(sorted(lost_letters(data, article, report).elements()))
    return f"lost {len(lost)} letters: {lost[:40]}" if len(lost) > FORGIVEN else ""


def lost_letters(data: bytes, article: Any, report: Report) -> Counter[str]:
    """The letters that a browser shows of the page `data`, and that are nowhere."""
    kept = Counter(filter(str.isalnum, laws.kept_in(article, report)))
    page = decode(data, Report(), markup=True)
    if re.match(r"\s*(?:[{\[]|<(?:rss|feed|item|channel|\?xml))", page):
        return Counter()  # the interfaces of a site, no page
    if FOREIGN.search(page):
        return Counter()  # in MathML and SVG, styles and titles are elements like others; not in libxml2
    return Counter(filter(str.isalnum, shown(page))) - kept


_UNSEEN = frozenset({"head", "script", "style", "template", "noscript", "svg", "select", "datalist", "textarea", "xmp", "plaintext", "title", "math", "rp", "iframe", "noembed", "noframes", "object", "video", "audio", "button"})  # fmt: skip


def shown(page: str) -> str:
    """The text of a page as an HTML5 parser finds it; what needs more than a parser to know is left out."""
    import tinyhtml5  # type: ignore[import-untyped]

    try:
        root = tinyhtml5.parse(page + " " * 200)  # shorter texts are taken for file names
    except (RecursionError, AttributeError, AssertionError, TypeError, ValueError, IndexError, KeyError):
        return ""  # the other parser has faults too
    pieces: list[str] = []
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else "head"  # a comment
        if tag not in _UNSEEN and "class" not in node.attrib:
            waiting.extend(each for child in reversed(node) for each in (child.tail or "", child))
            waiting.append(node.text or "")
    return "".join(pieces)


# --------------------------------------------------------------------------- running


@dataclass
class _Worker:
    process: Any
    connection: Connection
    number: int = -1
    since: float = 0.0


def _work(connection: Connection, seed: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    beginnings()
    while (number := connection.recv()) is not None:
        connection.send(verdict(*mutated(seed, number)))


def _started(seed: int) -> _Worker:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_work, args=(theirs, seed), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def findings(numbers: Sequence[int], seed: int, jobs: int) -> Iterator[tuple[int, str]]:
    """The number of each page and what is wrong with it, `""` mostly, as they are done."""
    waiting = list(reversed(numbers))
    workers = [_started(seed) for _ in range(jobs)]
    while workers:
        for worker in workers:
            if worker.number < 0 and waiting:
                worker.number, worker.since = waiting.pop(), time.monotonic()
                worker.connection.send(worker.number)
        workers, idle = [w for w in workers if w.number >= 0], [w for w in workers if w.number < 0]
        for worker in idle:
            worker.connection.send(None)
        ready = wait([worker.connection for worker in workers], timeout=1.0)
        for place, worker in enumerate(workers):
            said = ""
            if worker.connection in ready:
                try:
                    said = worker.connection.recv()
                except EOFError:
                    said = f"the process died: {worker.process.exitcode}"
            elif time.monotonic() - worker.since > SECONDS:
                said = f"not done after {SECONDS} seconds"
            else:
                continue
            yield worker.number, said
            worker.number = -1
            if said.startswith(("the process", "not done")):
                worker.process.kill()
                workers[place] = _started(seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, help="read this page here, and write it to page.html")
    args = parser.parse_args()
    if args.only is not None:
        reader, data = mutated(args.seed, args.only)
        Path("page.html").write_bytes(data)
        print(reader, verdict(reader, data) or "nothing is wrong")
        return 0
    wrong: Counter[str] = Counter()
    begun = time.monotonic()
    for number, said in findings(range(args.count), args.seed, args.jobs):
        if said:
            wrong[said.partition(":")[0]] += 1
            print(f"page {number}: {said}", flush=True)
    print(f"{args.count} pages in {time.monotonic() - begun:.0f} s; wrong: {sum(wrong.values())} {dict(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
