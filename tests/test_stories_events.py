"""Event parameters: what keeps two alike reports apart, and what does not."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from models.stories.events import Parameters, conflict, parameters
from models.stories.events.kinds import kinds
from models.stories.events.places import places, romanised
from models.stories.events.stage_words import COURSES
from models.stories.events.stages import stages

SEOUL = timezone(timedelta(hours=9))
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=SEOUL)  # a Wednesday


def read(title: str, language: str, lead: str = "", *, published: datetime = NOON) -> Parameters:
    return parameters(title, lead, language=language, published=published)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ko", "어제 원산서 발사"),
        ("ko", "3일 원산서 발사"),
        ("en", "Missile fired on Tuesday"),
        ("en", "Missile fired on March 3"),
        ("ja", "昨日、元山から発射"),
        ("ja", "3日に元山から発射"),
        ("zh", "昨天从元山发射"),
        ("zh", "3月3日从元山发射"),
        ("ru", "Ракету запустили вчера"),
        ("ru", "Ракету запустили 3 марта"),
        ("fr", "Un missile tiré mardi"),
        ("de", "Rakete am Dienstag gestartet"),
        ("es", "Misil lanzado el martes"),
        ("vi", "Tên lửa phóng hôm qua"),
        ("vi", "Tên lửa phóng ngày 3/3"),
    ],
)
def test_a_day_is_read_from_the_day_of_publication(language: str, title: str) -> None:
    assert date(2026, 3, 3) in read(title, language).day


def test_a_day_in_korea_begins_before_the_day_in_greenwich() -> None:
    late = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    assert read("오늘 새벽 발사", "ko", published=late).day == {date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("ours", "others", "parameter"),
    [
        (("북, 7차 오물풍선 살포", "ko"), ("North Korea sends eighth wave of balloons", "en"), "ordinal"),
        (
            ("광복 80주년 경축식", "ko"),
            ("South Korea marks 81st anniversary of liberation", "en"),
            "anniversary",
        ),
        (("북, 순항미사일 발사", "ko"), ("北朝鮮が弾道ミサイルを発射", "ja"), "weapon"),
        (("Drone drill begins in Paju", "en"), ("파주 드론 훈련 종료", "ko"), "phase"),
        (("북측 무인기 서울 상공에", "ko"), ("South's drone enters North, Pyongyang says", "en"), "actor"),
        (("포항 화재로 주민 대피", "ko"), ("Fire in Gumi drives residents out", "en"), "place"),
        (("Pyongyang denies arms sales", "en"), ('미 "북, 무기 판매"', "ko"), "denial"),
        (("2일 원산서 발사", "ko"), ("3日に元山から発射", "ja"), "date"),
        (("가수 김여정, 새 앨범 공개", "ko"), ("Kim Yo Jong, sister of the leader, scoffs", "en"), "sphere"),
    ],
)
def test_what_identifies_an_event_vetoes(
    ours: tuple[str, str], others: tuple[str, str], parameter: str
) -> None:
    found = conflict(read(*ours), read(*others))
    assert found is not None
    assert found.parameter == parameter
    assert found.detail


@pytest.mark.parametrize(
    ("ours", "others"),
    [
        (("북, 미사일 두 발 발사", "ko"), ("북, 미사일 세 발 발사", "ko")),
        (("산불로 260명 대피", "ko"), ("Wildfire: 340 evacuated", "en")),
        (("3일 원산서 발사", "ko"), ("North Korea fired on Tuesday", "en")),
        (("북, 7차 오물풍선 살포", "ko"), ("North Korea sends seventh wave of balloons", "en")),
    ],
)
def test_what_measures_an_event_does_not(ours: tuple[str, str], others: tuple[str, str]) -> None:
    assert conflict(read(*ours), read(*others)) is None


def test_a_plan_for_a_day_and_the_day_itself_are_two_events() -> None:
    plan = read("South Korea to hold live-fire drill on March 4", "en", published=NOON - timedelta(days=2))
    deed = read("한국군 실사격 훈련 실시", "ko", published=NOON + timedelta(hours=6))
    found = conflict(plan, deed)
    assert found is not None
    assert found.parameter == "plan"


ASKED = ("Prosecutors seek arrest warrant for ex-minister", "en")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (ASKED, ("법원, 전 장관 구속영장 발부", "ko")),
        (ASKED, ("元長官の逮捕状請求を棄却", "ja")),
        (("노조위원장 체포", "ko"), ("검찰, 노조위원장 기소", "ko")),
        (("Fünf Jahre Haft: Staatsanwalt fordert 5 Jahre Haft", "de"), ("Гендиректор осуждён", "ru")),
        (("Court jails spy for 12 years", "en"), ("El espía apeló", "es")),
        (("宣教师被捕", "zh"), ("Le missionnaire a été libéré", "fr")),
        (("야당, 장관 탄핵소추안 발의", "ko"), ("Quốc hội thông qua luận tội", "vi")),
        (("Parliament passes motion to impeach minister", "en"), ("헌재, 장관 탄핵 인용", "ko")),
    ],
)
def test_two_steps_of_a_case_or_a_motion_are_two_events(
    earlier: tuple[str, str], later: tuple[str, str]
) -> None:
    first, then = read(*earlier), read(*later, published=NOON + timedelta(days=2))
    found = conflict(first, then)
    assert found is not None
    assert found.parameter == "stage"
    assert conflict(first, read(*later)) is None, "of one day they may be one report"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (("Missionary held in Pyongyang released", "en"), ("억류된 선교사 석방", "ko")),
        (("헌재, 총리 탄핵 기각", "ko"), ("국회 통과 71일 만에 헌재서 탄핵 기각", "ko")),
        (("Parliament passes bill", "en"), ("Spy ring's head arrested", "en")),
        (("Prosecutors seek arrest warrant for ex-minister", "en"), ("Ex-minister calls it revenge", "en")),
        (("Ex-minister arrested", "en"), ("Court issues arrest warrant for ex-minister", "en")),
    ],
)
def test_a_step_told_with_the_one_before_is_the_same(
    earlier: tuple[str, str], later: tuple[str, str]
) -> None:
    assert conflict(read(*earlier), read(*later, published=NOON + timedelta(days=2))) is None


@pytest.mark.parametrize("language", ["en", "ko", "ja", "zh", "vi", "ru", "fr", "de", "es"])
def test_every_step_is_known_in_every_language(language: str) -> None:
    assert all(language in forms for course in COURSES for forms in course.values())
    assert stages("Nobody knows", language) == frozenset()


def test_a_day_after_until_is_not_the_day_of_the_event() -> None:
    assert read("Drill runs through March 14", "en").day == frozenset()
    assert read("훈련 14일까지", "ko").day == frozenset()


def test_a_place_is_one_in_every_script() -> None:
    assert places("산청 산불") == places("Wildfire in Sancheong") == places("山清で山火事") == {"산청"}
    assert places("연해주 방문") == frozenset()
    assert romanised("의성") == "uiseong"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "쓰레기 풍선"),
        ("en", "Trash balloons"),
        ("ja", "ごみ風船"),
        ("zh", "垃圾气球"),
        ("vi", "Bóng bay rác"),
        ("ru", "Воздушные шары с мусором"),
        ("fr", "Ballons remplis d'ordures"),
        ("de", "Ballons mit Müll"),
        ("es", "Globos con basura"),
    ],
)
def test_a_kind_is_one_in_every_language(language: str, text: str) -> None:
    assert {"balloon", "trash"} <= kinds(text, language)


def test_two_days_of_one_market_are_two_events() -> None:
    monday, tuesday = (
        read("Kospi closes at record high", "en", published=NOON + timedelta(days=day)) for day in (-2, -1)
    )
    clash = conflict(monday, tuesday)
    assert clash is not None
    assert clash.parameter == "date"
    assert conflict(monday, monday) is None


def test_people_of_one_sphere_are_not_told_apart() -> None:
    concert = read("Singer performs for Kim Jong Un", "en", "The leader applauded the album.")
    assert concert.spheres == {"show", "state"}
    assert conflict(concert, read("Kim Jong Un, the leader, hears a concert", "en")) is None
    assert conflict(concert, read("가수, 평양서 공연", "ko")) is None
