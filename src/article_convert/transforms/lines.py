"""What a line at the end of an article says, however it was typed, and what speaks for its being a credit."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["bare", "is_credit", "names_in"]

# The characters of the rules that differ, traditional first.
_TRADITIONAL = (
    "發佈於產經許轉載題圖來協議觀點僅該臺儲間務編輯譯專欄號眾關註歡識別維碼掃長贊讚賞權聲歸屬創簡個與無場為係"
    "繫標處獲業學機構報連結責訪劃監製攝審據資鏈網內複違嚴請謝絕閱讀們這喜論評頻訂簽約駐"
)
_SIMPLIFIED = (
    "发布于产经许转载题图来协议观点仅该台储间务编辑译专栏号众关注欢识别维码扫长赞赞赏权声归属创简个与无场为系"
    "系标处获业学机构报连结责访划监制摄审据资链网内复违严请谢绝阅读们这喜论评频订签约驻"
)
_SIMPLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_WIDE = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’—…"
_SPACES = re.compile(rf"(?<=[{_WIDE}@]) +(?=[^\x00-\x1f ])|(?<=[^\x00-\x1f ]) +(?=[{_WIDE}])")
# Signs before a line, and pairs around it: 📢 本文…, 【本文…】, ▲ 题图….
_SIGNS = r"[-=\s*＊~～_|｜—·•▲△◆■●★☆>\U0001f000-\U0001faff\u2190-\u21ff\u2600-\u27bf\ufe0f\u200d]+"
_SIGN, _BEFORE, _BEHIND = re.compile(_SIGNS), re.compile(rf"\A{_SIGNS}"), re.compile(rf"{_SIGNS}\Z")
_PAIRS = {"【": "】", "[": "]", "「": "」", "（": "）", "(": ")"}


def bare(text: str) -> str:
    """`text` in simplified characters, without decoration and without spaces beside Chinese characters."""
    text = _undecorated(text.translate(_SIMPLE))
    if " " in text:
        text = _SPACES.sub("", text)
    while len(text) > 2 and _PAIRS.get(text[0]) == text[-1] and text[0] not in text[1:]:
        text = _undecorated(text[1:-1])
    return text


def _undecorated(text: str) -> str:
    text = _BEFORE.sub("", text)
    return _BEHIND.sub("", text) if text and _SIGN.match(text[-1]) else text


# --------------------------------------------------------------------------- credits

_LABEL = r"(?:[原译编]?作者(?:简介|介绍|&编辑)?|本文作者|[\u4e00-\u9fff]{1,6})\s*[：:|｜丨/／&＆@]"
_SURE = re.compile(
    r"(?:本文|原|译|编)?作者|【|Author|(?:来源|首发)公众号|撰文|文\s*[|｜丨/／]|译者|原文(?:标题|链接|地址)?\s*[：:]|本(?:报告|文|篇)由"
)
_SECOND = re.compile(
    r"[\s；;，,丨|｜/／。]\s*(?:作者|[责美主]?编辑?|[责美]编|监制|出品人?|排版|校对|审校|审核|策划|采访|摄影|撰文|译者|来源"
    r"|(?:来源|微信|个人)?公众号|微信号?|原文(?:标题|链接|地址)?)\s*[：:|｜丨/／&＆@]"
)
_PROOF = re.compile(
    r"[（(]\s*(?:ID|id|微信)?[：:\s-]*[A-Za-z0-9_-]{4,}\s*[)）]|https?://|(?:微信|公众)号?\s*[：:]\s*[A-Za-z][\w-]{5,19}\Z"
)
_STOP = re.compile(r"[。！？!?…]\Z")
_ROLE = re.compile(
    r"(?:本文)?作者\s*[：:|｜丨/／][^，,。！？!?；;：:\n]{1,16}[，,].*"
    r"(?:专家|成员|会员|创始人|主理人|负责人|经理|总监|顾问|讲师|设计师|分析师|工程师|研究员|从业者|爱好者|老兵|作家|作者)[。.]\Z"
)
_NAMED = re.compile(r"[@＠]\s*([^\s@，,。；;：:（(]{2,30})|【([^】]{2,60})】")
_FIRST = re.compile(rf"{_LABEL}\s*([^\s，,。；;：:（(|｜丨/／]{{2,30}})")


def names_in(lines: Iterable[str]) -> set[str]:
    """The names that statements name with a sign: `@林一鸣`, `【慢慢走】`."""
    return {first or second for line in lines for first, second in _NAMED.findall(line)}


def is_credit(line: str, known: Iterable[str], beside: Iterable[str]) -> bool:
    """Whether a line such as `作者：林一鸣` names somebody, and is no sentence or entry of a list that looks like it.

    What speaks for it: a second label, an account or an address in it, a name that is known, or that another
    statement has, too. Without that, `作者` may only name, and other labels (`公众号：…`, `编辑：…`) nothing.
    """
    if _SECOND.search(line) or _PROOF.search(line) or any(name in line for name in known):
        return True
    first = _FIRST.match(line)
    if first and any(first[1] in other for other in beside):
        return True
    return _SURE.match(line) is not None and (not _STOP.search(line) or _ROLE.match(line) is not None)
