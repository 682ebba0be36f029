"""The few words that writers add to an article, in its own language.

Every word that stands in an output but not in its source comes from here.
"""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

__all__ = ["Word", "date_text", "label", "labelled"]

Word: TypeAlias = Literal[
    "about", "attribution", "audio", "author", "back", "collects", "comments", "contents", "cover", "cover-page",
    "danger", "details", "disclaimer", "file", "info", "licence", "likes", "link", "minutes",
    "modified", "note", "notes", "open", "page", "picture", "published", "sections", "source", "start",
    "success", "summary", "table", "tags", "untitled", "video", "views", "warning",
]  # fmt: skip

_ZH: dict[Word, str] = {
    "about": "关于作者",
    "attribution": "署名",
    "audio": "音频",
    "author": "作者",
    "back": "返回正文",
    "collects": "收藏",
    "comments": "评论",
    "contents": "目录",
    "cover": "题图",
    "cover-page": "封面",
    "danger": "危险",
    "details": "详情",
    "disclaimer": "声明",
    "file": "文件",
    "info": "提示",
    "licence": "版权",
    "likes": "点赞",
    "link": "链接",
    "minutes": "分钟",
    "modified": "更新于",
    "note": "注",
    "notes": "注释",
    "open": "打开",
    "page": "页面",
    "picture": "图片",
    "published": "发布于",
    "sections": "导览",
    "source": "来源",
    "start": "正文",
    "success": "成功",
    "summary": "摘要",
    "table": "表格",
    "tags": "标签",
    "untitled": "无标题",
    "video": "视频",
    "views": "阅读",
    "warning": "注意",
}
_HANT: dict[Word, str] = {
    "about": "關於作者",
    "attribution": "署名",
    "audio": "音訊",
    "author": "作者",
    "back": "返回正文",
    "collects": "收藏",
    "comments": "評論",
    "contents": "目錄",
    "cover": "題圖",
    "cover-page": "封面",
    "danger": "危險",
    "details": "詳情",
    "disclaimer": "聲明",
    "file": "檔案",
    "info": "提示",
    "licence": "版權",
    "likes": "按讚",
    "link": "連結",
    "minutes": "分鐘",
    "modified": "更新於",
    "note": "註",
    "notes": "註釋",
    "open": "開啟",
    "page": "頁面",
    "picture": "圖片",
    "published": "發佈於",
    "sections": "導覽",
    "source": "來源",
    "start": "正文",
    "success": "成功",
    "summary": "摘要",
    "table": "表格",
    "tags": "標籤",
    "untitled": "無標題",
    "video": "影片",
    "views": "閱讀",
    "warning": "注意",
}
_JA: dict[Word, str] = {
    "about": "著者について",
    "attribution": "クレジット",
    "audio": "音声",
    "author": "著者",
    "back": "本文に戻る",
    "collects": "お気に入り",
    "comments": "コメント",
    "contents": "目次",
    "cover": "表紙画像",
    "cover-page": "表紙",
    "danger": "危険",
    "details": "詳細",
    "disclaimer": "免責事項",
    "file": "ファイル",
    "info": "情報",
    "licence": "ライセンス",
    "likes": "いいね",
    "link": "リンク",
    "minutes": "分",
    "modified": "更新日",
    "note": "注",
    "notes": "注",
    "open": "開く",
    "page": "ページ",
    "picture": "画像",
    "published": "公開日",
    "sections": "ガイド",
    "source": "出典",
    "start": "本文",
    "success": "成功",
    "summary": "概要",
    "table": "表",
    "tags": "タグ",
    "untitled": "無題",
    "video": "動画",
    "views": "閲覧",
    "warning": "注意",
}
_EN: dict[Word, str] = {
    "about": "About the author",
    "attribution": "Attribution",
    "audio": "Audio",
    "author": "Author",
    "back": "Back to text",
    "collects": "saved",
    "comments": "comments",
    "contents": "Contents",
    "cover": "Cover picture",
    "cover-page": "Cover",
    "danger": "Danger",
    "details": "Details",
    "disclaimer": "Disclaimer",
    "file": "File",
    "info": "Note",
    "licence": "Licence",
    "likes": "likes",
    "link": "Link",
    "minutes": "min",
    "modified": "Updated",
    "note": "note",
    "notes": "Notes",
    "open": "Open",
    "page": "Page",
    "picture": "Picture",
    "published": "Published",
    "sections": "Guide",
    "source": "Source",
    "start": "Start of text",
    "success": "Success",
    "summary": "Summary",
    "table": "Table",
    "tags": "Tags",
    "untitled": "Untitled",
    "video": "Video",
    "views": "views",
    "warning": "Warning",
}
_WORDS = MappingProxyType({"zh": _ZH, "zh-hant": _HANT, "ja": _JA, "en": _EN})
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def label(language: str, word: Word) -> str:
    """`word` in the language named by a BCP 47 tag; English where the language is not known.

    >>> label("zh-CN", "source"), label("zh-TW", "tags"), label("fr", "tags")
    ('来源', '標籤', 'Tags')
    """
    return _WORDS[_family(language)][word]


def labelled(language: str, word: Word, text: str) -> str:
    """`text` after a label and a colon, as each language sets it; the label alone if there is no text.

    >>> labelled("zh-CN", "picture", "猫"), labelled("en", "picture", "cat")
    ('图片：猫', 'Picture: cat')
    """
    if not text:
        return label(language, word)
    return f"{label(language, word)}{': ' if _family(language) == 'en' else '：'}{text}"


def date_text(language: str, value: date | datetime) -> str:
    """A day as people write it in that language; the time of day is left out.

    >>> date_text("zh-CN", date(2024, 3, 5)), date_text("en", date(2024, 3, 5))
    ('2024年3月5日', '5 March 2024')
    """
    if _family(language) == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def _family(language: str) -> str:
    tag = language.lower().replace("_", "-")
    if tag.startswith(_TRADITIONAL):
        return "zh-hant"
    return tag[:2] if tag[:2] in {"zh", "ja"} and tag[2:3] in {"", "-"} else "en"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
