"""The run of statements at the end: every shape goes, and an article about such lines keeps its sentences."""

from __future__ import annotations

from itertools import permutations

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

正文第一段。

"""

LICENCE = "本文由 @林一鸣 原创发布于人人都是产品经理。未经作者许可，禁止转载"
COVER = "题图来自Unsplash，基于CC0协议"
DISCLAIMER = "该文观点仅代表作者本人，人人都是产品经理平台仅提供信息存储空间服务。"
ATTRIBUTION = "作者：林一鸣；公众号：慢慢走"
HEADING = "#专栏作家#"
ABOUT = "林一鸣，微信公众号：慢慢走，人人都是产品经理专栏作家。关心街道。"
PROGRAMME = "#本文为人人都是产品经理《原创激励计划》出品。"


def left(ending: str) -> list[str]:
    """The lines that stay of an article with this ending, below its first one."""
    article = ac.clean(ac.read((HEAD + ending).encode(), "gitbook"))
    first, *rest = [line for line in text_of(article).split("\n") if line]
    assert first == "正文第一段。"
    return rest


@pytest.mark.parametrize(
    "line",
    [
        LICENCE,
        "本文原创发布于人人都是产品经理，未经许可，禁止转载。",
        "本文由人人都是产品经理作者【慢慢走】，微信公众号：【慢慢走】，原创/授权 发布于人人都是产品经理，"
        "未经许可，禁止转载。",
        "本文由人人都是产品经理合作媒体 @慢慢走 授权发布，未经许可，禁止转载。",
        "@林一鸣 授权发布于人人都是产品经理，未经许可，禁止转载",
        "本文由@ 林一鸣 翻译发布于人人都是产品经理，未经许可，禁止转载。",
        "本文整理发布于人人都是产品经理，未经许可，禁止转载。",
        "本文由慢慢走工作室 授权发布于人人都是产品经理，未经许可，禁止转载。",
        "本文由作者原创投稿于人人都是产品经理，未经许可，禁止转载。",
        "本文由 **@林一鸣** 原创",
        "本文已获原作者授权，由人人都是产品经理实习生 @小林 翻译发布，未经许可，禁止转载。",
        "原创发布于运营派，未经许可，禁止转载。",
        "文由 @林一鸣 原创发布于人人都是产品经理，未经许可，禁止转载",
        "本文系人人都是产品经理团队@林一鸣 原创发布，未经平台许可，禁止转载",
        "本文由 @林一鸣\u00a0 原创发布于人人都是产品经理。未经许可，禁止转载",
        "本文由 @\ue118Lin 原创发布于人人都是产品经理，未经授权，不得转载。转载请注明出处。",
        PROGRAMME,
        COVER,
        "题图来自 unsplash，基于CCO协议。",
        "题图来自Unspalsh，基于 CC0 协议",
        "题图来 Unsplash, 基于CC0协议",
        "题图由作者提供",
        "题图作者提供",
        "题图来自作者投稿",
        "（题图来源于某个应用的截图。）",
        "题图为某网站截图",
        "题图：作者拍摄",
        DISCLAIMER,
        DISCLAIMER + "提供信息存储空间服务。",
        DISCLAIMER.replace("信息存储", "信存储"),
        DISCLAIMER[3:],
        DISCLAIMER[:-7],
    ],
)
def test_a_statement_goes_alone_and_in_a_run(line: str) -> None:
    assert left(line) == []
    assert left(f"{line}\n\n{LICENCE}") == []
    assert left(f"{LICENCE}\n\n{line}") == []
    assert left(f"最后一句。  \n{line}") == ["最后一句。"]


@pytest.mark.parametrize(
    "lines",
    [
        ATTRIBUTION,
        "来源公众号：慢慢走（ID：manmanzou），写给不赶时间的人。",
        "作者｜甲 编辑｜乙",
        "作者 : 甲 监制 : 乙 排版 : 丙出品",
        "文/林一鸣",
        "文｜林一鸣\u200d 编｜小陈\u200d\u200d",
        "撰文/甲 编辑/乙 丙",
        "译者：林一鸣",
        "原文链接：https://example.org/a",
        "原文地址：[https://example.org/a](https://example.org/a)",
        "**作者：**林一鸣",
        "作者 林一鸣",
        "微信号：manmanzou",
        "策划：甲；采访：乙",
        f"### {HEADING}\n\n{ABOUT}",
        f"**专栏作家**  \n{ABOUT}",
        "**专栏作家#**\n\n林一鸣，公众号：慢慢走。喜欢走路的人。",
        "**特邀作者**\n\n林一鸣，写过几本关于走路的书。",
        "林一鸣，微信公众号：慢慢走，写过几本关于走路的书。",
        "原文链接：\n\nhttps://example.org/slow-walking",
        "作者：林一鸣；编辑：小陈\n\n原文标题：走路的人：慢，更慢，停下来",
        "为我投票\n\n每人最多可投3票，投票即有机会获得礼品！",
        "为我投票\n\n我在参加人人都是产品经理2024年度评选，请来支持\n\n投票传送门：[https://996.pm/x](https://996.pm/x)",
        "素材来源：天天问话题精选",
        "「天天问」为人人都是产品经理社区的互助问答模块。",
    ],
)
def test_what_could_be_a_sentence_goes_only_beside_a_firm_statement(lines: str) -> None:
    assert left(f"{lines}\n\n{LICENCE}\n\n{COVER}") == []
    assert left(f"{lines}\n\n后面还有。")[-1] == "后面还有。"
    assert len(left(f"{lines}\n\n后面还有。")) > 1


ABOUT_SUCH_LINES = [
    "本文讨论的是怎样让文章发布在人人都是产品经理平台上。",
    "本文讨论怎样才能在人人都是产品经理原创发布一篇文章。",
    "本文讲的是一个老问题：许多网站写着，未经许可，禁止转载。",
    "本文由浅入深，讲了怎样授权发布于各个平台。",
    "我最早的文章都首发于人人都是产品经理。",
    "题图的选择比标题更重要，下次再说。",
    "题图来自哪里，读者其实不关心。",
    "题图来自Unsplash的文章越来越多，这件事值得想一想。",
    "要成为人人都是产品经理专栏作家，先得写十篇。",
    "后来他成了人人都是产品经理专栏作家。",
    "专栏作家的生活，没有想的那么好。",
    "观点仅代表作者本人，但平台也有责任。",
    "“该文观点仅代表作者本人”这句话，放在哪里都一样。",
    "分享到微博、微信扫一扫，这些按钮没有人点。",
    "赞赏 收藏已收藏 点赞已赞，这一排按钮是页面上最没用的。",
    "更多精彩内容，请关注人人都是产品经理微信公众号或下载App",
    "给作者打赏，鼓励TA抓紧创作！",
    "作者：这个词在古书里不常见。",
    "微信：我们每天打开几十次的应用，它的成功不是偶然。",
    "编辑：先写标题，再写正文。",
    "关注公众号的人越来越少。",
    "查看详情 >",
    "未经许可，不得转载，这是行规。",
    "投票传送门：这个说法是从游戏里来的。",
    "为我投票，我就请你吃面。",
    "素材来源：我自己的笔记，写了十年",
    "「天天问」是一个好地方。",
    f"`{LICENCE}`",
    f"> {LICENCE}",
    f"- {LICENCE}",
    f"“{LICENCE}”",
    f"他每篇文章的最后都写：{LICENCE}",
    "[一门课](https://example.org/course) 查看详情 >",
]


@pytest.mark.parametrize("line", ABOUT_SUCH_LINES)
def test_an_article_about_such_lines_keeps_its_sentences(line: str) -> None:
    said = text_of(ac.read(line.encode(), "gitbook")).strip()
    assert left(line) == [said], "at the end"
    assert left(f"{line}\n\n{LICENCE}\n\n{DISCLAIMER}") == [said], "above the statements"
    assert left(f"{line}\n\n后面还有。") == [said, "后面还有。"], "in the text"
    assert left(f"## {said}\n\n后面还有。") == [said, "后面还有。"], "as a heading"


@pytest.mark.parametrize(
    "line",
    [
        "本文由「林一鸣」原创并发布于人人都是产品经理，转载请联系作者获得授权。",
        "本文系 @林一鸣 投稿，发布于人人都是产品经理；未经许可，不得以任何形式转载",
        "本文 由 @ 林一鸣 原创 发布于 人人都是产品经理 。 未经 作者 许可 ， 禁止 转载",
        "本文由 @林一鳴 原創發佈於人人都是產品經理。未經作者許可，禁止轉載",
        "📢 本文由 @林一鸣 原创发布于人人都是产品经理，未经许可，禁止转载。",
        "【本文由 @林一鸣 原创发布于人人都是产品经理，未经许可，禁止转载】",
        "▲ 題圖來自 Unsplash，基於CC0協議",
        "题图：来自 Unsplash，基于CC0协议",
        "封面图来自 Unsplash，基于 CC0 协议",
        "該文觀點僅代表作者本人，人人都是產品經理平台僅提供信息存儲空間服務。",
    ],
)
def test_a_statement_goes_however_it_was_typed(line: str) -> None:
    assert left(line) == []
    assert left(f"{COVER}\n\n{line}") == []


@pytest.mark.parametrize(
    "line",
    [
        "版权声明：本文为作者原创，转载请注明出处。",
        "著作权归作者所有。商业转载请联系作者获得授权，非商业转载请注明出处。",
        "© 慢慢走 版权所有，侵权必究。",
        "Copyright © 2024 Lin. All rights reserved.",
        "版權聲明：本文為作者原創，轉載請註明出處。",
        "本文仅代表作者个人观点，不代表平台立场。",
        "扫码关注公众号「慢慢走」",
        "👇 扫描下方二维码，关注公众号：慢慢走",
        "欢迎关注我的公众号：慢慢走",
        "如果觉得有用，欢迎点赞、收藏、转发！",
        "点击「阅读原文」，查看更多",
        "— END —",
        "【作者】林一鸣",
        "✍️ 作者：林一鸣",
        "首发公众号：慢慢走",
        "作者：林一鸣，前端工程师，业余走路的人，城市散步小组成员。",
    ],
)
def test_what_other_sites_state_goes_only_beside_a_firm_statement(line: str) -> None:
    assert left(f"{line}\n\n{LICENCE}") == []
    assert left(f"{LICENCE}\n\n{line}\n\n{COVER}") == []
    assert left(f"{line}\n\n后面还有。")[-1] == "后面还有。"
    assert len(left(line)) == 1
    assert len(left(f"## {line}\n\n{LICENCE}")) == 1, "as a heading"


LOOKS_LIKE_A_CREDIT = [
    "公众号：适合做沉淀，不适合做爆发。",
    "公众号：它是内容的家，也是生意的门。",
    "公众号：适合沉淀",
    "微信：连接一切",
    "知乎：有问题，就会有答案",
    "封面：决定点击率",
    "整理：把同类的放在一起",
    "作者：把标题写好，读者才会来。",
    "来源：三成来自搜索，七成来自推荐",
    "公眾號：適合做沉澱，不適合做爆發。",
    "未经许可，不得转载，这是行规。",
    "版权归作者所有，平台只有使用权。",
    "转载请注明出处，是最常见的要求。",
    "本文仅代表作者个人观点，但平台也有责任。",
    "扫码关注的用户里，三成会在一周内取关。",
    "欢迎关注，这四个字放在哪里，效果差很多。",
    "点赞、收藏、转发，三个指标各有含义。",
    "打赏作者的人，大多读完了全文。",
    "声明：以下内容含有剧透。",
    "声明：仅代表个人观点，与供职机构无关",
    "All rights reserved 是什么意思？",
]


@pytest.mark.parametrize("line", LOOKS_LIKE_A_CREDIT)
def test_a_sentence_that_looks_like_a_credit_stays(line: str) -> None:
    assert left(f"{line}\n\n{LICENCE}\n\n{COVER}") == [line]
    assert left(f"{line}\n\n后面还有。") == [line, "后面还有。"]


@pytest.mark.parametrize("line", ["公众号：慢慢走", "微信公众号：林一鸣的散步", "编辑：林一鸣"])
def test_a_label_and_a_name_that_somebody_knows_are_a_credit(line: str) -> None:
    who = "本文由人人都是产品经理作者【慢慢走】，微信公众号：【慢慢走】"
    assert left(f"{line}\n\n{who}，原创/授权 发布于人人都是产品经理，未经许可，禁止转载。") == []


def test_a_line_that_no_rule_knows_stays_and_what_is_firm_above_it_goes() -> None:
    assert left(f"{LICENCE}\n\n感谢阅读\n\n{COVER}") == ["感谢阅读"]
    assert left(f"{ATTRIBUTION}\n\n{LICENCE}\n\n感谢阅读") == ["感谢阅读"]
    assert left(f"{LICENCE}\n\n感谢阅读\n\n再见") == [LICENCE, "感谢阅读", "再见"], "two of them"
    assert left(f"{LICENCE}\n\n这样写就可以。\n\n{COVER}") == [LICENCE, "这样写就可以。"], "a sentence"


def test_what_is_only_shown_below_a_colon_stays() -> None:
    shown = "每篇文章的最后都有一行字："
    assert left(f"{shown}\n\n{LICENCE}\n\n{LICENCE}\n\n{COVER}") == [shown, LICENCE]
    assert left(f"{shown}\n\n未经授权，请勿转载。\n\n{LICENCE}") == [shown, "未经授权，请勿转载。"]


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("between", ["\n\n", "  \n"], ids=["paragraphs", "lines"])
def test_statements_go_in_any_order(count: int, between: str) -> None:
    pieces = [LICENCE, COVER, DISCLAIMER, ATTRIBUTION, PROGRAMME] + [f"{HEADING}\n\n{ABOUT}"] * (between == "\n\n")
    for order in permutations(pieces, count):
        assert left(between.join(order)) == [], order


def test_two_blocks_of_statements_with_a_line_between_them_go() -> None:
    old = [f"### {HEADING}", ABOUT, LICENCE, COVER]
    assert left("\n\n".join([*old, PROGRAMME, *old, DISCLAIMER])) == []


def test_a_heading_goes_if_nothing_stands_below_it_but_votes() -> None:
    votes = "我在参加人人都是产品经理2021年度作者评选，请来支持\n\n每人最多可投3票"
    assert left(f"## 题外话\n\n{votes}\n\n{LICENCE}") == []
    assert left(f"## 题外话\n\n谢谢。\n\n{votes}\n\n{LICENCE}") == ["题外话", "谢谢。"]
    assert left(f"## 谢谢\n\n{LICENCE}") == ["谢谢"]


def test_a_line_that_is_kept_stays_where_it_stood() -> None:
    text = f"{HEAD}{ATTRIBUTION}  \n{LICENCE}  \n{COVER}\n"
    article = ac.clean(ac.read(text.encode(), "gitbook"), ac.standard(["statement-licence"]))
    assert text_of(article) == f"正文第一段。\n{LICENCE}\n"
    assert [notice.kind for notice in article.metadata.notices] == ["attribution", "licence", "cover"]
