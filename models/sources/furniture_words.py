"""The words of web pages around an article, one kind a name, nine languages.

Whole-line words are data in `furniture.toml`; the patterns here match a part of
a line, and each alternative stands for one that was seen on a page.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_WORDS = tomllib.loads(files("models.sources").joinpath("furniture.toml").read_text("utf-8"))


def _every(kind: str) -> frozenset[str]:
    return frozenset(word for words in _WORDS[kind].values() for word in words)


COMMENTS = _every("comments")
RELATED = _every("related")
ALONE = _every("alone")

# A pointer to one other article on a line of its own, amid the text.
INLINE = re.compile(
    r"""(?:
    tags? | topics? | keywords? | filed\ under | posted\ in | related\ (?:items|topics)
    | 태그 | 키워드 | タグ | キーワード | 标签 | 標籤
    | 关键[词字] | 關鍵[詞字] | thẻ | từ\ khóa | теги | метки
    | mots-clés | étiquettes | schlagw[oö]rte?r? | etiquetas | palabras\ clave
    | previous\ (?:post|article|story) | next\ (?:post|article|story)
    | 이전\s?(?:글|기사) | 다음\s?(?:글|기사)
    | 上一篇 | 下一篇 | 前の記事 | 次の記事
    | read\ more | read\ also | also\ read | see\ also | related | don't\ miss
    | 관련\s?기사 | 관련\s?뉴스
    | 関連記事 | あわせて読みたい
    | 相关(?:新闻|阅读|报道) | 相關(?:新聞|閱讀) | 延伸[阅閱][读讀]
    | xem\ thêm | đọc\ thêm | tin\ liên\ quan
    | читайте\ также | читать\ также | по\ теме | смотрите\ также
    | (?:à\ |a\ )?lire\ (?:aussi|également) | voir\ aussi | sur\ le\ même\ sujet
    | lesen\ sie\ auch | lies\ auch | mehr\ zum\ thema
    | (?:lea|lee|leer|ver)\ también | te\ puede\ interesar
    )\s*[:：|>▶►→»]\s*\S.{0,200}$""",
    re.VERBOSE,
)

# A notice of rights ends an article on every page that has one.
RIGHTS = re.compile(
    r"""
    all\ rights\ reserved
    | ^\W*(?:©|\(c\)|ⓒ|copyright)[^.]{0,60}(?:19|20)\d\d | ^(?:19|20)\d\d\s?[©ⓒ]
    | 무단\s?(?:전재|복제|배포)[^.]{0,20}금지 | 저작권자\s?[ⓒ©(:] | 재배포\s?금지 | ⓒ.{1,60}(?:금지|reserved)
    | 無断(?:転載|複製)[^。]{0,8}(?:禁|お断り|$) | 禁無断
    | 版[权權]所有 | 未[经經][^。]{0,12}[授許许][權权可][^。]{0,6}(?:不得|禁止|[请請]勿)
    | [转轉][载載][请請][注註]明
    | bản\ quyền\ thuộc | ghi\ rõ\ nguồn
    | все\ права\ защищены | перепечатка[^.]{0,60}(?:запрещ|разреш|только)
    | tous\ droits\ (?:de\ reproduction\ )?réservés | reproduction\ interdite
    | alle\ rechte\ vorbehalten
    | todos\ los\ derechos\ reservados | prohibida\ (?:la|su)\ reproducción
    """,
    re.IGNORECASE | re.VERBOSE,
)

# A line that is a picture's credit, or ends in one as a caption does: "Kim at the pier. Photo: AP".
CREDIT = re.compile(
    r"""
    (?:^|[\s(\[/|.。」”"'])
    (?:photos?|photograph|pictures?|images?|fotos?|ảnh|hình|фото|снимок
       |사진|자료\s?사진|그래픽|写真|画像|提供|图片?|圖片?|[图圖]源|照片)
    \s?(?:by|credit|source|courtesy(?:\ of)?|von|de|출처|제공|[来來]源)?
    \s?[:：=／/]\s?[^.。:：]{2,48}[)\]）]?\.?$
    | ^\(?(?:photo|image|picture)s?\ (?:by|courtesy\ of|credit)\ [^.]{2,60}\)?$
    | ^(?:©|ⓒ|\(c\))\s?[^.。]{2,40}$
    | ^[\[(<]?사진\s?[=:]?\s?[^.]{2,30}[\])>]$
    """,
    re.IGNORECASE | re.VERBOSE,
)
