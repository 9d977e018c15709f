"""What comes over the wire, from servers good and bad."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from wire import fetched, get, raw, refusal, saying, serving

from flows import fetch
from flows.network import AGENT
from models.values import NotModified, Source, SourceName, Validators

BODY = b"<rss><channel><title>Estuary</title></channel></rss>"


# --- what a good server says ---------------------------------------------------


def test_a_feed_comes_whole_with_what_to_ask_with_next_time(httpserver: HTTPServer) -> None:
    dated = "Sun, 22 Nov 2026 05:00:00 GMT"
    httpserver.expect_request("/feed").respond_with_data(
        BODY, content_type="text/xml; charset=euc-kr", headers={"ETag": '"v1"', "Last-Modified": dated}
    )
    answer = fetched(httpserver.url_for("/feed"))
    assert (answer.body, answer.status, answer.content_type) == (BODY, 200, "text/xml; charset=euc-kr")
    assert answer.validators == Validators(etag='"v1"', last_modified=dated)
    assert answer.url == httpserver.url_for("/feed")


def test_an_unchanged_feed_is_asked_for_by_its_validators_and_not_sent_again(httpserver: HTTPServer) -> None:
    conditions = {"If-None-Match": 'W/"v1"', "If-Modified-Since": "Sun, 22 Nov 2026 05:00:00 GMT"}
    httpserver.expect_request("/feed", headers=conditions).respond_with_data(status=304)
    validators = Validators(etag='W/"v1"', last_modified="Sun, 22 Nov 2026 05:00:00 GMT", body_hash="h")
    assert get(httpserver.url_for("/feed"), validators) == NotModified(validators=validators)


def test_a_server_that_says_unchanged_unasked_is_not_believed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=304)
    assert refusal(httpserver.url_for("/feed")).code == "http-304"


def test_the_server_learns_who_asks_and_no_other_encoding_is_offered(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(BODY, headers={"Set-Cookie": "id=1"})

    httpserver.expect_request("/feed").respond_with_handler(answer)

    async def twice() -> None:
        async with fetch.open_client(allow_private=True, contact="desk@estuary.example") as client:
            for _ in range(2):
                await fetch.get(
                    client, Source(name=SourceName("e"), url=httpserver.url_for("/feed")), Validators()
                )

    asyncio.run(twice())
    assert seen[1].headers["User-Agent"] == f"{AGENT} (news feed reader; desk@estuary.example)"
    assert seen[1].headers["Accept-Encoding"] == "gzip"
    assert "Cookie" not in seen[1].headers


def test_the_proxy_of_the_environment_is_not_used(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    httpserver.expect_request("/feed").respond_with_data(BODY)
    assert fetched(httpserver.url_for("/feed")).body == BODY


def test_a_zipped_feed_is_inflated_in_one_member_or_many(httpserver: HTTPServer) -> None:
    zipped = gzip.compress(BODY[:20]) + gzip.compress(BODY[20:]) + bytes(512)
    httpserver.expect_request("/feed").respond_with_data(zipped, headers={"Content-Encoding": "gzip"})
    assert fetched(httpserver.url_for("/feed")).body == BODY


# --- redirects --------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_last_address_told(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/old").respond_with_data(status=status, headers={"Location": "/new?a=1"})
    httpserver.expect_request("/new").respond_with_data(BODY)
    assert fetched(httpserver.url_for("/old")).url == httpserver.url_for("/new?a=1")


@pytest.mark.parametrize(
    ("statuses", "kept"),
    [((301,), True), ((301, 308), True), ((302,), False), ((307,), False), ((301, 303), False)],
)
def test_validators_of_an_address_that_stands_in_for_now_are_not_the_feeds(
    httpserver: HTTPServer,
    statuses: tuple[int, ...],
    kept: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    for hop, status in enumerate(statuses):
        httpserver.expect_request(f"/{hop}").respond_with_data(
            status=status, headers={"Location": f"/{hop + 1}"}
        )
    last = httpserver.expect_request(f"/{len(statuses)}", headers={"If-None-Match": '"v1"'})
    last.respond_with_data(status=304, headers={"ETag": '"v2"'})
    last = httpserver.expect_request(f"/{len(statuses)}")
    last.respond_with_data(BODY, headers={"ETag": '"v2"'})
    assert fetched(httpserver.url_for("/0")).validators.etag == ('"v2"' if kept else None)
    unchanged = get(httpserver.url_for("/0"), Validators(etag='"v1"'))
    assert unchanged.validators.etag == ('"v2"' if kept else '"v1"')


def test_a_redirect_loop_ends_after_five(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": "/feed"})
    assert refusal(httpserver.url_for("/feed")).code == "redirect-loop"
    assert len(httpserver.log) == 6


def test_our_validators_stay_with_the_host_that_gave_them(httpserver: HTTPServer) -> None:
    other = f"http://localhost:{httpserver.port}/new"
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": other})
    httpserver.expect_request("/new").respond_with_data(BODY)
    get(f"http://127.0.0.1:{httpserver.port}/feed", Validators(etag='"v1"'))
    asked = {request.path: request.headers.get("If-None-Match") for request, _ in httpserver.log}
    assert asked == {"/feed": '"v1"', "/new": None}


def test_a_gate_that_redirects_whoever_lacks_its_cookie_lets_us_in(httpserver: HTTPServer) -> None:
    seen: list[tuple[str, str]] = []

    def gate(request: Request) -> Response:
        seen.append((request.host.partition(":")[0], request.headers.get("Cookie", "")))
        if request.host.startswith("mirror."):
            return Response(BODY)
        there = request.url if "b=2" not in seen[-1][1] else request.url.replace("estuary.", "mirror.")
        answer = Response(status=302, headers={"Location": there})
        answer.set_cookie("a", "1", httponly=True)
        answer.set_cookie("b", "2", max_age=60)
        return answer

    async def resolve(*_: object) -> list[str]:
        return ["127.0.0.1"]

    httpserver.expect_request("/feed").respond_with_handler(gate)
    for _ in range(2):  # none is kept for the next fetch
        answer = fetched(f"http://estuary.example:{httpserver.port}/feed", resolve=resolve)
        assert (answer.body, answer.moved_to) == (BODY, "")
    assert seen == 2 * [("estuary.example", ""), ("estuary.example", "a=1; b=2"), ("mirror.example", "")]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://a.kr/", "javascript:1", "gopher://127.0.0.1:70/"],
)
def test_a_redirect_to_another_scheme_is_refused(httpserver: HTTPServer, location: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": location})
    assert refusal(httpserver.url_for("/feed")).code in {"not-http", "bad-address"}


@pytest.mark.parametrize("location", [b"http://[", b"http://a.kr:b/", b"http://a b/"])
def test_a_redirect_to_no_address_is_called_that(location: bytes) -> None:
    with serving(
        saying(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    ) as url:
        assert refusal(url).code == "bad-address"


@pytest.mark.parametrize(
    ("host", "dialled"),
    [
        ("xn--vg1b002a.xn--3e0b707e", "xn--vg1b002a.xn--3e0b707e"),
        ("뉴스.한국", "xn--vg1b002a.xn--3e0b707e"),
        ("www.뉴스.한국", "www.xn--vg1b002a.xn--3e0b707e"),
        ("NEWS.example", "news.example"),
        ("[::FFFF:7F00:1]", "::FFFF:7F00:1"),
    ],
)
def test_a_host_is_asked_however_its_name_is_written(httpserver: HTTPServer, host: str, dialled: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(BODY)
    looked_up: list[str] = []

    async def resolve(name: str, _: int) -> list[str]:
        looked_up.append(name)
        return ["127.0.0.1"]

    assert fetched(f"http://{host}:{httpserver.port}/feed", resolve=resolve).body == BODY
    assert looked_up == [dialled]


# --- servers that refuse -------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "permanent"), [(401, False), (403, False), (404, False), (410, True), (500, False)]
)
def test_a_refusal_says_what_the_server_said(httpserver: HTTPServer, status: int, permanent: bool) -> None:  # noqa: FBT001 - a parameter of the table
    httpserver.expect_request("/feed").respond_with_data(status=status)
    error = refusal(httpserver.url_for("/feed"))
    assert (error.code, error.permanent, error.after) == (f"http-{status}", permanent, None)
    assert str(status) in str(error) or status == 401


@pytest.mark.parametrize("status", [429, 503])
def test_how_long_to_wait_is_carried(httpserver: HTTPServer, status: int) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    waits = []
    for value in (
        "120",
        later,
        "9" * 30,
        "soon",
        "Thu, 01 Jan 1990 00:00:00 GMT",
        "1 Jan 2024 00:00 +9" + "9" * 20,
    ):
        httpserver.clear()
        httpserver.expect_request("/feed").respond_with_data(status=status, headers={"Retry-After": value})
        waits.append(refusal(httpserver.url_for("/feed")).after)
    assert waits[0] == timedelta(seconds=120)
    assert waits[1] is not None
    assert timedelta(minutes=9) < waits[1] <= timedelta(minutes=10)
    assert waits[2:] == [timedelta(hours=24), None, timedelta(0), None]


def test_a_server_that_is_not_there_is_tried_twice_and_named() -> None:
    tried: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        tried.append(host)
        return ["127.0.0.1"]

    assert refusal("http://estuary.example:9/feed", resolve=resolve).code == "no-connection"
    assert tried == ["estuary.example"] * 2


def test_a_name_without_address_says_so() -> None:
    async def resolve(_: str, __: int) -> list[str]:
        raise OSError("no such name")

    assert refusal("http://estuary.example/feed", resolve=resolve).code == "unresolved"


def test_a_second_address_is_dialled_where_the_first_is_dead(httpserver: HTTPServer) -> None:
    async def resolve(_: str, __: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    httpserver.expect_request("/feed").respond_with_data(BODY)
    assert fetched(f"http://estuary.example:{httpserver.port}/feed", resolve=resolve).body == BODY


def test_a_certificate_of_nobody_is_told_as_such() -> None:
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(Path(__file__).parent / "data" / "self-signed.pem")
    with HTTPServer(ssl_context=own) as server:
        server.expect_request("/feed").respond_with_data(BODY)
        assert refusal(server.url_for("/feed")).code == "tls"


# --- servers that harm -------------------------------------------------------------------


def test_a_bomb_is_stopped_before_it_fills_the_memory(httpserver: HTTPServer) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(200)) + packer.flush()
    httpserver.expect_request("/feed").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        assert refusal(httpserver.url_for("/feed")).code == "too-large"
        assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    finally:
        tracemalloc.stop()


def test_a_document_without_end_is_stopped() -> None:
    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for size in [2**16] * 200:
            writer.write(bytes(size))
            await writer.drain()

    with serving(pour) as url:
        assert refusal(url).code == "too-large"


@pytest.mark.parametrize("coding", ["UTF-8", "none", "identity", "8bit", ""])
@pytest.mark.parametrize("body", [BODY, gzip.compress(BODY)], ids=["plain", "gz"])
def test_what_is_no_compression_is_heeded_no_more_than_in_a_browser(
    httpserver: HTTPServer, coding: str, body: bytes
) -> None:
    httpserver.expect_request("/feed").respond_with_data(body, headers={"Content-Encoding": coding})
    assert fetched(httpserver.url_for("/feed")).body == BODY


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip"])
def test_a_compression_that_was_not_asked_for_is_refused(httpserver: HTTPServer, coding: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(BODY, headers={"Content-Encoding": coding})
    assert refusal(httpserver.url_for("/feed")).code == "unknown-encoding"


@pytest.mark.parametrize(
    "answer",
    [
        raw(BODY, length=len(BODY) + 1),
        raw(gzip.compress(BODY * 50)[:-9], "Content-Encoding: gzip"),
        raw(gzip.compress(BODY) + gzip.compress(BODY)[:-9], "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
    ],
    ids=["length", "gzip", "second-member", "chunked", "headers"],
)
def test_an_answer_that_ends_early_is_a_failed_fetch(answer: bytes) -> None:
    with serving(saying(answer)) as url:
        assert refusal(url).code == "truncated"


def test_a_false_gzip_says_so(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(BODY, headers={"Content-Encoding": "gzip"})
    assert refusal(httpserver.url_for("/feed")).code == "bad-gzip"


@pytest.mark.parametrize(
    "pieces", [[raw(BODY)[:30], *[b"x"] * 200], [*[b"H"] * 3, *[b"T"] * 200]], ids=["body", "headers"]
)
def test_a_server_that_drips_is_left_at_the_deadline(
    pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "DEADLINE", 0.6)
    with serving(saying(*pieces, pause=0.05)) as url:
        started = datetime.now(UTC)
        error = refusal(url)
        assert error.code in {"timeout", "truncated"}
        assert datetime.now(UTC) - started < timedelta(seconds=2)


def test_headers_without_end_are_refused() -> None:
    with serving(saying(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 300_000)) as url:
        assert refusal(url).code == "truncated"
