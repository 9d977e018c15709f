"""Addresses that are not for us to dial."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import httpcore
import pytest
from pytest_httpserver import HTTPServer
from wire import fetched, refusal

from flows import fetch
from flows.network import is_public
from models.errors import FetchError
from models.values import Source, SourceName, Validators


def _words(text: str) -> list[str]:
    return text.split()


LOOPBACK = _words(
    "127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 017700000001 0177.0.0.1 127.255.255.254 0 "
    "0.0.0.0 localhost LOCALHOST localhost. 127.0.0.1. [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] "
    "[::ffff:7f00:1] [::127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] "
    "[2002:7f00:1::] 127。0。0。1 １２７.0.0.1 ①②⑦.0.0.1"
)
TWO_READINGS = [
    *_words(r"a.example\@127.0.0.1 127.0.0.1\@a.example a@127.0.0.1 a:b@127.0.0.1 127.0.0.1\.a.example"),
    *("%31%32%37.0.0.1", "127.0.0.1\t", " 127.0.0.1", "a.example\n127.0.0.1", ""),
]


@pytest.fixture
def listening(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/secret").respond_with_data("secret")
    return httpserver


def test_the_listening_server_can_be_reached_at_all(listening: HTTPServer) -> None:
    assert fetched(f"http://127.1:{listening.port}/secret").body == b"secret"


@pytest.mark.parametrize("host", [*LOOPBACK, *TWO_READINGS])
def test_no_spelling_of_this_machine_is_dialled(listening: HTTPServer, host: str) -> None:
    error = refusal(f"http://{host}:{listening.port}/secret", allow_private=False)
    assert error.code in {"private-address", "bad-address", "unresolved"}
    assert listening.log == []


def _spelled(parts: tuple[int, ...]) -> set[str]:
    """Write an IPv4 address of one to four parts with each part decimal, hexadecimal and octal."""
    forms = [(str(part), hex(part), f"0{part:o}") for part in parts]
    return {".".join(chosen) for chosen in itertools.product(*forms)}


def test_none_of_a_hundred_ways_to_write_this_machine_is_dialled(listening: HTTPServer) -> None:
    hosts = set[str]().union(*map(_spelled, [(127, 0, 0, 1), (127, 0, 1), (127, 1), (0x7F000001,)]))
    hosts |= {f"[::ffff:{host}]" for host in ("127.0.0.1", "7f00:1", "10.0.0.1", "a9fe:a9fe")}
    assert len(hosts) >= 100

    async def code(host: str) -> str:
        source = Source(name=SourceName("estuary"), url=f"http://{host}:{listening.port}/secret")
        async with fetch.open_client() as client:
            with pytest.raises(FetchError) as caught:
                await fetch.get(client, source, Validators())
        return caught.value.code

    async def everyone() -> list[str]:
        return await asyncio.gather(*map(code, sorted(hosts)))

    assert set(asyncio.run(everyone())) <= {"private-address", "bad-address", "unresolved"}
    assert listening.log == []


def test_a_redirect_to_this_machine_is_not_followed(listening: HTTPServer) -> None:
    inner = f"http://127.0.0.1:{listening.port}/secret"
    listening.expect_request("/feed").respond_with_data(status=302, headers={"Location": inner})
    hosts: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        hosts.append(host)
        return ["127.0.0.1"] if len(hosts) == 1 else ["10.0.0.1"]

    async def run() -> None:
        async with fetch.open_client(allow_private=False, resolve=resolve) as client:
            # The first hop stands for a public host; only the guard of the second is under test.
            guard = client._transport._backend  # type: ignore[attr-defined]
            guard._allow_private = True
            source = Source(name=SourceName("estuary"), url=f"http://estuary.example:{listening.port}/feed")

            async def close_the_door(_: Any) -> None:
                guard._allow_private = False

            client.event_hooks["response"].append(close_the_door)
            await fetch.get(client, source, Validators())

    with pytest.raises(FetchError) as caught:
        asyncio.run(run())
    assert caught.value.code == "private-address"
    assert [request.path for request, _ in listening.log] == ["/feed"]


def test_a_name_that_answers_twice_never_leads_inside(listening: HTTPServer) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    dialled: list[str] = []

    async def rebinding(_: str, __: int) -> list[str]:
        return next(answers)

    class Wire(httpcore.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
            dialled.append(host)
            raise httpcore.ConnectError

    async def run() -> None:
        async with fetch.open_client(allow_private=False, resolve=rebinding) as client:
            client._transport._backend._wire = Wire()  # type: ignore[attr-defined]
            url = f"http://estuary.example:{listening.port}/secret"
            await fetch.get(client, Source(name=SourceName("estuary"), url=url), Validators())

    with pytest.raises(FetchError) as caught:
        asyncio.run(run())
    assert caught.value.code == "private-address"
    assert dialled == ["93.184.216.34"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(listening: HTTPServer) -> None:
    async def mixed(_: str, __: int) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    error = refusal(f"http://estuary.example:{listening.port}/secret", allow_private=False, resolve=mixed)
    assert (error.code, error.permanent) == ("private-address", False)
    assert listening.log == []


SPECIAL = _words(
    "10.1.2.3 172.31.255.255 192.168.0.1 100.64.0.1 169.254.169.254 168.63.129.16 198.18.0.1 192.0.0.1 "
    "192.0.2.1 224.0.0.1 239.1.1.1 255.255.255.255 :: ::1 ::10.0.0.1 fe80::1 fe80::1%eth0 fec0::1 "
    "fc00::1 fd12::1 ff02::1 2001::1 2001:db8::1 2002:a00:1:: ::ffff:10.0.0.1 ::ffff:0:10.0.0.1 "
    "64:ff9b::a00:1 64:ff9b:1::a00:1 100::1 5f00::1 4000::1 no-address"
)
PUBLIC = _words(
    "1.1.1.1 93.184.216.34 172.32.0.1 100.128.0.1 2606:4700::1111 ::ffff:1.1.1.1 64:ff9b::101:101"
)


@pytest.mark.parametrize("address", SPECIAL)
def test_special_ranges_are_no_public_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)
