"""Tagging against one regular expression of the same forms, in one run.

    python tests/bench/bench_tagging.py [ARTICLES]

The texts are made here, a headline and a lead in nine languages each; one in
four names the peninsula, as in a world-news feed. The rival is what most
keyword watchers do: all forms in one alternation, longest first, and no
boundaries, languages, conditions or score. Target: 20 times its speed.
"""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path

from models.lexicon import load
from models.lexicon.entries import read_sources
from models.lexicon.forms import choices

SEEDS = Path(__file__).parents[2] / "seeds" / "lexicon"
FILES = {path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")}
TARGET = 20

FILLER = {
    "en": "The committee will meet again on Friday to discuss the budget, officials said on Monday. ",
    "ko": "위원회는 금요일에 다시 모여 예산안을 논의하기로 했다고 관계자는 전했다. 물가는 석 달째 올랐다. ",
    "ja": "委員会は金曜日に再び会合を開き、予算案について話し合うと関係者は述べた。物価は上がった。",
    "zh": "委员会将于周五再次开会讨论预算，有关人士表示，物价已经连续三个月上涨，居民消费有所放缓。",
    "vi": "Ủy ban sẽ họp lại vào thứ sáu để bàn về ngân sách, các quan chức cho biết. ",
    "ru": "Комитет снова соберется в пятницу, чтобы обсудить бюджет, сообщили чиновники. ",
    "fr": "Le comité se réunira de nouveau vendredi pour discuter du budget. ",
    "de": "Der Ausschuss tagt am Freitag erneut über den Haushalt, hieß es. ",
    "es": "El comité volverá a reunirse el viernes para discutir el presupuesto. ",
}
NEWS = {
    "en": "North Korea fired two ballistic missiles into the East Sea, Seoul's military said. ",
    "ko": "북한이 동해상으로 단거리 탄도미사일 두 발을 발사했다고 합동참모본부가 밝혔다. ",
    "ja": "北朝鮮が弾道ミサイル二発を日本海に向けて発射したと韓国軍合同参謀本部が発表した。",
    "zh": "朝鲜向东部海域发射两枚短程弹道导弹，韩国联合参谋本部表示正在密切监视。",
    "vi": "Triều Tiên phóng hai tên lửa đạn đạo ra biển Nhật Bản, quân đội Hàn Quốc cho biết. ",
    "ru": "КНДР запустила две баллистические ракеты в сторону Японского моря, сообщили в Сеуле. ",
    "fr": "La Corée du Nord a tiré deux missiles balistiques vers la mer du Japon, selon Séoul. ",
    "de": "Nordkorea hat zwei ballistische Raketen ins Japanische Meer abgefeuert, teilte Seoul mit. ",
    "es": "Corea del Norte lanzó dos misiles balísticos al mar de Japón, informó Seúl. ",
}


def articles(count: int) -> list[tuple[str, str, str]]:
    """Make articles: language, title, text of some 1,000 characters."""
    chance = random.Random(38)  # noqa: S311 - the same texts in every run, nothing secret
    made = []
    for _ in range(count):
        language = chance.choice(sorted(FILLER))
        sentences = [FILLER[language]] * chance.randint(8, 16)
        if chance.random() < 0.25:
            sentences[0] = NEWS[language]
        made.append((language, sentences[0].strip(), "".join(sentences)))
    return made


def main() -> int:
    """Time both and print the figures; 1 if the target is missed."""
    rows = articles(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
    started = time.perf_counter()
    lexicon = load(FILES)
    loading = time.perf_counter() - started
    lexicon.read("Warm up in Pyongyang", "", "en")

    started = time.perf_counter()
    korea = sum(lexicon.read(title, text, language).korea for language, title, text in rows)
    ours = len(rows) / (time.perf_counter() - started)

    entries = read_sources(FILES, {}).entries.values()
    forms = {text.rstrip("~").lower() for e in entries for f in e.forms for text in choices(f.text)}
    rival = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))
    sample = rows[:60]
    started = time.perf_counter()
    matches = sum(1 for _, title, text in sample for _ in rival.finditer(f"{title}\n{text}".lower()))
    theirs = len(sample) / (time.perf_counter() - started)

    letters = sum(len(title) + len(text) for _, title, text in rows) / len(rows)
    sys.stdout.write(
        f"{len(rows)} articles of {letters:.0f} characters, {len(forms)} forms, {korea} about Korea\n"
        f"load {loading:.3f} s\n"
        f"lexicon.read   {ours:8.0f} articles/s\n"
        f"re alternation {theirs:8.0f} articles/s ({matches} matches in {len(sample)})\n"
        f"times          {ours / theirs:8.1f} (target {TARGET})\n"
    )
    return 0 if ours >= TARGET * theirs else 1


if __name__ == "__main__":
    sys.exit(main())
