"""Which stories an article may join: of its own subject, about its own states, told as what it is."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.streams.grouping import article_of
from flows.words import read_lexicon
from models.stories import Rarity, Window

LEXICON = read_lexicon()
MONDAY = datetime(2027, 3, 8, tzinfo=UTC)
MET = {"c:south-korea": 150, "c:donald-trump": 2_000, "tariff": 400, "car": 150, "stock": 300, "rise": 300}


def stories(*titles: str) -> list[str]:
    """Group headlines, two hours apart, at a desk that has read for weeks; give the story of each."""
    window = Window(rarity=Rarity(20_000, MET))
    placed: list[str] = []
    for number, title in enumerate(titles):
        at = MONDAY + timedelta(hours=2 * number)
        row = {"id": str(number), "title": title, "timestamp": at.isoformat()}
        article = article_of(row, seen=at)
        placed.append(window.place(article, LEXICON.read(title, "", "en"), at).story)
    return placed


@pytest.mark.parametrize(
    "titles",
    [
        (
            "Dictator frees forty prisoners of war",
            "South Korea angry over workers held like prisoners of war",
        ),
        (
            "Slump in travel worries seaside hotels",
            "By train or by plane: how Kim Jong Un will travel to Beijing",
        ),
    ],
    ids=["prisoners", "travel"],
)
def test_an_article_about_the_peninsula_joins_no_story_of_elsewhere(titles: tuple[str, str]) -> None:
    assert len(set(stories(*titles))) == 2


def test_two_reports_of_elsewhere_in_the_same_words_are_one_story() -> None:
    assert len(set(stories("Slump in rail travel worries hotels", "Why the rail travel slump"))) == 1


def test_a_story_that_turns_out_to_be_about_the_peninsula_is_still_one() -> None:
    told = stories(
        "Immigration raid on car plant in Georgia: 300 held",
        "South Koreans among 300 held in immigration raid on car plant in Georgia",
    )
    assert len(set(told)) == 1


def test_where_half_of_a_story_is_about_other_states_its_first_article_decides() -> None:
    heir, debut, promise = stories(
        "Kim Jong Un brings his daughter and heir to Beijing",
        "Kim Jong Un shows his daughter, the heir",
        "Kim Jong Un, to Moscow: everything for Putin",
    )
    assert heir == debut != promise


def test_what_moved_a_market_and_the_market_s_day_are_two_stories() -> None:
    told = stories(
        "Trump raises tariffs on South Korean cars to 25%",
        "South Korea's tariffs on cars rise to 25%, Trump says",
        "Asian stocks climb on hopes for chips; South Korea rebounds after tariffs",
    )
    assert told[0] == told[1] != told[2]


def test_one_day_of_the_markets_is_one_story_whichever_leads() -> None:
    told = stories(
        "South Korea's Kospi jumps 3% to lead Asia's chip rebound",
        "Asian stocks: Nikkei and Kospi up on chip rebound, China lags",
    )
    assert len(set(told)) == 1
