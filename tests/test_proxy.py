"""A proxy is used where watch.toml names one, and the guard stands before it, too."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from wire import raw, saying, serving

from flows import fetch, settings
from flows.network import Resolver
from flows.tunnel import read_proxy
from models.errors import ConfigError, FetchError
from models.values import Fetched, Source, SourceName, Validators

BODY = b"<rss><channel><title>Estuary</title></channel></rss>"
PUBLIC = "93.184.216.34"


@dataclass
class ConnectProxy:
    """A small proxy that knows CONNECT and nothing else, and what it was asked for."""

    port: int = 0
    leads_to: int = 0  # the local port that stands for every target
    credentials: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Give what watch.toml would say."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        method, target, _ = head.split(" ", 2)
        self.asked.append(f"{method} {target}")
        if self.credentials and f"Proxy-Authorization: Basic {self.credentials}\r\n" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return writer.close()
        there, out = await asyncio.open_connection("127.0.0.1", self.leads_to)
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: a-test\r\n\r\n")
        await asyncio.gather(_pour(reader, out), _pour(there, writer))
        return None


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(4096):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass  # either end may leave first
    finally:
        writer.close()


@contextmanager
def proxying(leads_to: int, credentials: str = "") -> Iterator[ConnectProxy]:
    """Run a proxy on a thread of its own."""
    proxy = ConnectProxy(leads_to=leads_to, credentials=credentials)
    loop, ready, stop = asyncio.new_event_loop(), Event(), asyncio.Event()

    async def run() -> None:
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        pending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    thread = Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


async def public(_: str, __: int) -> list[str]:
    return [PUBLIC]


def get(url: str, proxy: str, *, allow_private: bool = False, resolve: Resolver | None = None) -> Fetched:
    async def run() -> Fetched:
        async with fetch.open_client(allow_private=allow_private, proxy=proxy, resolve=resolve) as client:
            answer = await fetch.get(client, Source(name=SourceName("estuary"), url=url), Validators())
        assert isinstance(answer, Fetched)
        return answer

    return asyncio.run(run())


def refusal(
    url: str, proxy: str, *, allow_private: bool = False, resolve: Resolver | None = None
) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, proxy, allow_private=allow_private, resolve=resolve)
    assert "http:/" not in str(caught.value)
    return caught.value


def test_the_proxy_is_asked_for_the_address_that_was_checked(httpserver: HTTPServer) -> None:
    hosts: list[str] = []

    def answer(request: Request) -> Response:
        hosts.append(request.headers["Host"])
        return Response(BODY)

    httpserver.expect_request("/feed").respond_with_handler(answer)
    with proxying(httpserver.port) as proxy:
        assert get("http://estuary.example/feed", proxy.url, resolve=public).body == BODY
    assert proxy.asked == [f"CONNECT {PUBLIC}:80"]
    assert hosts == ["estuary.example"]


def test_behind_the_proxy_the_certificate_is_still_the_feeds_own() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "data" / "self-signed.pem")
    with HTTPServer(ssl_context=context) as server, proxying(server.port) as proxy:
        error = refusal("https://estuary.example/feed", proxy.url, resolve=public)
    assert error.code == "tls"
    assert proxy.asked[0] == f"CONNECT {PUBLIC}:443"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "0x7f000001", "[::ffff:10.0.0.1]", "localhost", "169.254.169.254"]
)
def test_no_private_address_is_asked_of_the_proxy(httpserver: HTTPServer, host: str) -> None:
    with proxying(httpserver.port) as proxy:
        assert refusal(f"http://{host}/secret", proxy.url).code in {"private-address", "unresolved"}
    assert proxy.asked == []


def test_a_redirect_through_the_proxy_is_checked_as_well(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(
        status=302, headers={"Location": "http://inner.example/"}
    )

    async def resolve(host: str, _: int) -> list[str]:
        return ["10.0.0.1"] if host == "inner.example" else [PUBLIC]

    with proxying(httpserver.port) as proxy:
        error = refusal("http://estuary.example/feed", proxy.url, resolve=resolve)
    assert error.code == "private-address"
    assert proxy.asked == [f"CONNECT {PUBLIC}:80"]


def test_an_intranet_host_with_a_proxy_of_its_own_is_looked_up_by_that(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(BODY)
    with proxying(httpserver.port) as proxy:
        assert get("http://wiki.corp:8000/feed", proxy.url, allow_private=True).body == BODY
    assert proxy.asked == ["CONNECT wiki.corp:8000"]


def test_a_proxy_that_wants_a_password_gets_it_or_is_named(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(BODY)
    wanted = base64.b64encode(b"desk:CANARY/1").decode()
    with proxying(httpserver.port, wanted) as proxy:
        with_password = proxy.url.replace("//", "//desk:CANARY%2F1@")
        assert get("http://estuary.example/feed", with_password, resolve=public).body == BODY
        error = refusal("http://estuary.example/feed", proxy.url, resolve=public)
    assert error.code == "proxy"
    assert "name a variable with them as proxy_env" in str(error)
    assert "CANARY" not in str(error)
    assert "CANARY" not in repr(read_proxy(with_password))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (raw(b"").replace(b"200 OK", b"403 Forbidden"), "does not connect us to it (403)"),
        (b"garbage\r\n\r\n", "gives no answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9_000, "does not connect us to it (200)"),
        (b"", "gives no answer"),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<rss>", "does not connect us to it (200)"),
    ],
)
def test_a_proxy_that_does_not_do_as_asked_is_named_in_words(answer: bytes, words: str) -> None:
    with serving(saying(answer)) as url:
        error = refusal("http://estuary.example/feed", url.removesuffix("/feed"), resolve=public)
    assert (error.code, error.permanent) == ("proxy", False)
    assert words in str(error)


def test_a_proxy_that_is_not_there_says_so() -> None:
    error = refusal("http://estuary.example/feed", "http://127.0.0.1:9", resolve=public)
    assert (error.code, error.problem) == ("proxy", "the proxy of watch.toml takes no connection")


FEED = '[[feed]]\nname = "a"\nurl = "https://a.example/rss"\n'
OTHER = '[[feed]]\nname = "b"\nurl = "https://b.example/rss"\n'


def load(tmp_path: Path, text: str, **env: str) -> settings.Settings:
    (tmp_path / "watch.toml").write_text(text, encoding="utf-8")
    return settings.load(tmp_path / "watch.toml", env=env)


def test_watch_names_a_proxy_for_all_and_a_feed_another_or_none(tmp_path: Path) -> None:
    text = '[watch]\nproxy = "http://proxy.example:3128"\n' + FEED
    found = load(tmp_path, text + OTHER + 'proxy = "http://other.example:3128"\n')
    assert [feed.proxy for feed in found.feeds] == ["http://proxy.example:3128", "http://other.example:3128"]
    assert load(tmp_path, text + OTHER + 'proxy = "direct"\n').feeds[1].proxy == ""
    assert load(tmp_path, text + OTHER + "allow_private = true\n").feeds[1].proxy == ""


def test_a_proxy_with_a_password_comes_from_the_environment_and_is_shown_nowhere(tmp_path: Path) -> None:
    secret = "http://desk:CANARY@proxy.example:3128"
    found = load(tmp_path, '[watch]\nproxy_env = "PROXY"\n' + FEED, PROXY=secret)
    assert found.feeds[0].proxy == found.proxy == secret
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[watch]\nproxy = "http://u:CANARY@p.example:1"\n', "watch.proxy: a proxy's user name and password"),
        ('[watch]\nproxy = "socks5://p.example:1"\n', "watch.proxy: a proxy is written like"),
        ('[watch]\nproxy = "p.example:3128"\n', "watch.proxy: a proxy is written like"),
        ('[watch]\nproxy = "http://p.example"\n', "watch.proxy: a proxy is written like"),
        ('[watch]\nproxy_env = "PROXY"\n', "watch.proxy_env: PROXY is not set"),
    ],
)
def test_a_proxy_that_is_none_is_named_by_its_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert words in str(caught.value)
    assert "CANARY" not in str(caught.value)
