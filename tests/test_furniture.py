"""Adverts and bars wherever they were seen; what only looks like one stays."""

from __future__ import annotations

import pytest

import article_convert as ac
from article_convert.tree import text_of

HEAD = """\
# 慢慢走
{% hint style="info" %}
**Author:** [林一鸣](https://www.woshipm.com/u/1000001)
**Original:** [View on woshipm.com](https://www.woshipm.com/pd/1000001.html)
{% endhint %}
> 写给不赶时间的人。

---

"""
CARD = """\
[![](https://image.woshipm.com/2023/08/02/a.png)

十年散步心得

要先学会停。

查看详情 >

](https://ke.qidianla.com/courses/bcpm)
"""
BYLINE = """\
## 慢慢走

[![](https://static.woshipm.com/a.png)](https://www.woshipm.com/u/1000001)

[林一鸣](https://www.woshipm.com/u/1000001) ![](https://static.woshipm.com/tag/1121_1@2x.png) 关注

2024-05-06

2 评论 120 浏览 7 收藏 5 分钟

"""


def cleaned(text: str, rules: ac.RuleSet | None = None) -> list[str]:
    article = ac.clean(ac.read((HEAD + text).encode(), "gitbook"), ac.standard(rules=rules))
    return [line for line in text_of(article).split("\n") if line]


def indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}\n" if line else "\n" for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (f"走。\n\n{CARD}\n停。", ["走。", "停。"]),
        (f"走。\n\n{CARD}\n{CARD}\n停。", ["走。", "停。"]),
        (f"## 一、走\n\n{CARD}\n停。", ["一、走", "停。"]),
        (f"*   走\n\n{indented(CARD, '    ')}\n*   停", ["走", "停"]),
        (f"*   走\n\n{CARD}\n*   停", ["走", "停"]),
        (f"1.  走\n2.  停\n\n{indented(CARD, '    ')}", ["走", "停"]),
        (f"*   走\n    *   慢走\n\n{indented(CARD, '        ')}\n*   停", ["走", "慢走", "停"]),
        (f"{indented(CARD, '> ').rstrip('> ')}\n走。", ["走。"]),
        (f"走到桥头，\n\n{CARD}\n  \n**往左：**是河边。", ["走到桥头，", "往左：是河边。"]),
        (CARD.replace("\n\n", "").rstrip() + "\n\n走。", ["走。"]),
        (CARD.replace("查看详情 >\n\n", "") + "\n走。", ["走。"]),
        (CARD.replace("要先学会停。\n\n", "要先学会停。\n\n再学会走。\n\n") + "\n走。", ["走。"]),
        ("[![](a.jpg) 学会走路](https://vip.qidianla.com/member.html)\n\n走。", ["走。"]),
        ("[![](a.jpg)](https://996.pm/x)\n\n走。", ["走。"]),
        ("走。[![](a.jpg)](http://y0.cn/x)停。", ["走。停。"]),
        (f"{CARD}\n走。\n\n{CARD}", ["走。"]),
    ],
)
def test_an_advert_goes_wherever_it_stands(text: str, stays: list[str]) -> None:
    assert cleaned(text) == stays


@pytest.mark.parametrize(
    "advert",
    [
        "[🔗 先学会走，再学会跑。](https://ke.qidianla.com/courses/90pm)",
        "[先学会走，再学会跑。 🔗](https://ke.qidianla.com/courses/90pm)",
        "[别只会走路，学会把路走好。](https://ke.qidianla.com/courses/aipmtc)",
        "给走路的人的成长计划，[查看详情](http://y0.cn/aB1)",
        "[零基础也能走](https://996.pm/aB1)",
    ],
)
def test_a_line_of_advert_goes_below_the_byline_and_not_in_the_text(advert: str) -> None:
    assert cleaned(f"{BYLINE}{advert}\n\n> 写给不赶时间的人。\n\n走。") == ["走。"]
    kept = cleaned(f"走。\n\n他发来一句：{advert}\n\n停。")
    assert kept[0] == "走。"
    assert kept[-1] == "停。"
    assert any("他发来一句" in line for line in kept)


@pytest.mark.parametrize(
    "bar",
    [
        "赞赏 收藏已收藏7 点赞已赞3",
        "赞赏 收藏已收藏 点赞已赞",
        "赞赏收藏已收藏7点赞已赞3",
    ],
)
@pytest.mark.parametrize(
    "tags",
    [
        "",
        "[走](https://www.woshipm.com/tag/%e8)",
        "[走](https://www.woshipm.com/tag/x)[停](https://www.woshipm.com/tag/y)",
    ],
)
@pytest.mark.parametrize("between", ["\n\n", " ", ""])
def test_every_shape_of_the_bar_goes(bar: str, tags: str, between: str) -> None:
    share = "https://service.weibo.com/share/share.php?appkey=1&title=慢慢走（第 1 版）&url=https://www.woshipm.com/pd/1.html"
    code = "![微信二维码](https://api.pwmqr.com/qrcode/create/?url=https://www.woshipm.com/pd/1.html)"
    invitation = "更多精彩内容，请关注人人都是产品经理微信公众号或下载App"
    pieces = [bar, invitation, *([tags] if tags else []), f"[分享到微博]({share})", "微信扫一扫", code, "分享"]
    assert cleaned("走。\n\n" + between.join(pieces)) == ["走。"]


def test_the_box_that_asks_for_a_reward_goes_and_a_sentence_about_it_stays() -> None:
    box = "给作者打赏，鼓励TA抓紧创作！\n\n赞赏\n\n5人打赏\n\n![](https://static.woshipm.com/x.png?imageView2/1/w/80)"
    assert cleaned(f"走。\n\n{box}\n\n停。") == ["走。", "停。"]
    assert cleaned("走。\n\n写文章不容易，打个赏支持下作者吧\n\n赞赏\n\n停。") == ["走。", "停。"]
    assert cleaned("走。\n\n给作者打赏，鼓励TA抓紧创作！\n\n这行字没有人看。") == [
        "走。",
        "给作者打赏，鼓励TA抓紧创作！",
        "这行字没有人看。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[![](a.png)](https://example.org/shop)",
        "[看看这门课](https://ke.qidianla.com/courses/bcpm)很好。",
        "[一门课 查看详情 >](https://example.org/)",
        "赞赏 收藏 点赞 分享",
    ],
)
def test_what_only_looks_like_an_advert_stays(text: str) -> None:
    (said,) = ac.read(text.encode(), "gitbook").content
    article = ac.clean(ac.read(f"{HEAD}走。\n\n{text}\n\n停。".encode(), "gitbook"))
    assert len(article.content) == 3
    assert article.content[1] == said


@pytest.mark.parametrize("rule", ["course-card", "byline", "text-advert", "share-bar", "title-again", "summary-again"])
def test_what_is_kept_stays_and_fills_the_metadata(rule: str) -> None:
    text = (
        f"{BYLINE}[🔗 先学会走。](https://ke.qidianla.com/courses/90pm)\n\n> 写给不赶时间的人。\n\n"
        f"走。\n\n{CARD}\n停。\n\n"
        "赞赏 收藏已收藏7 点赞已赞3\n\n更多精彩内容，请关注人人都是产品经理微信公众号或下载App\n\n微信扫一扫\n\n"
        "![微信二维码](https://api.pwmqr.com/qrcode/create/?url=x)\n\n分享\n"
    )
    report = ac.Report()
    article = ac.read((HEAD + text).encode(), "gitbook")
    assert not report.removals
    ac.clean(article, report=report)
    said = {cut.rule: cut.text for cut in report.removals}
    kept = ac.clean(article, ac.standard([rule]), report=(other := ac.Report()))
    assert rule not in {cut.rule for cut in other.removals}
    assert said.keys() - {rule} == {cut.rule for cut in other.removals}
    for line in filter(None, said[rule].split("\n")):
        assert line in text_of(kept)
    assert kept.metadata.stats.likes == 3
    assert kept.metadata.stats.views == 120
