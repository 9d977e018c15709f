"""Sends one e-mail to a verdict; smtplib's door. It blocks, so it runs in a thread.

The server's name is looked up once, its addresses are checked, and one of those
is dialled, as `flows.network` does for HTTP; TLS still asks for the name.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from flows.network import is_public
from models.values import Dead, Delivered, Letter, Retry, Verdict

PORTS = {"smtp": 587, "smtps": 465}


class _PrivateAddressError(OSError):
    """The server stands at a private address."""


def post(letter: Letter, *, seconds: float) -> Verdict:  # noqa: PLR0911 - one for each fate of a letter
    """Hand a letter to its server: TLS at once for smtps://, STARTTLS for smtp://.

    Without TLS only to a private address that the channel allows (a relay on
    this host); a password is never sent in the clear to any other.
    """
    begun = accepted = False
    try:
        with _Server(letter, seconds) as server:
            server.greet()
            begun = True
            refused = server.client.sendmail(letter.sender, letter.to, letter.message)
            accepted = True
    except _PrivateAddressError:
        return Dead(
            reason="its host is a private or special address; allow_private = true lets it be dialled"
        )
    except smtplib.SMTPAuthenticationError as error:
        return Retry(
            reason=f"the mail server refused the password ({error.smtp_code})", status=error.smtp_code
        )
    except smtplib.SMTPResponseException as error:
        if 500 <= error.smtp_code < 600:
            return Dead(reason=f"the mail server answered {error.smtp_code}", status=error.smtp_code)
        return Retry(reason=f"the mail server answered {error.smtp_code}", status=error.smtp_code)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= 500 for code in codes):
            return Dead(reason=f"the mail server refused every recipient ({codes[0]})", status=codes[0])
        return Retry(reason=f"the mail server put every recipient off ({codes[0]})", status=codes[0])
    except (smtplib.SMTPException, OSError) as error:
        if accepted:  # it took the letter and stumbled over saying goodbye
            return Delivered(status=250)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Retry(reason="the mail server offers no TLS, or no way to log in")
        return Retry(reason=f"the mail exchange broke off ({type(error).__name__})", uncertain=begun)
    return Delivered(status=250, left_out=_left_out(letter, refused))


def _left_out(letter: Letter, refused: Mapping[str, tuple[int, bytes]]) -> str:
    """Say whom the server refused while it took the letter for others: by number, not by name.

    The addresses are a part of the channel's URL, which is a secret. The letter counts
    as delivered: sent again, it would reach those twice who have it.
    """
    told = [
        f"recipient {number} ({refused[address][0]})"
        for number, address in enumerate(letter.to, start=1)
        if address in refused
    ]
    return f"of {len(letter.to)} recipients the mail server refused {', '.join(told)}" if told else ""


class _Server:
    """A connection to a letter's server, closed when left."""

    def __init__(self, letter: Letter, seconds: float) -> None:
        parts = urlsplit(letter.url)
        self.host, self.scheme = parts.hostname or "", parts.scheme
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.port = parts.port or PORTS[parts.scheme]
        self.letter, self.seconds = letter, seconds
        self.context = ssl.create_default_context()

    def __enter__(self) -> Self:
        addresses = {
            str(found[4][0]) for found in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        }
        self.private = not all(map(is_public, addresses))
        if self.private and not self.letter.allow_private:
            raise _PrivateAddressError
        address = min(addresses)
        if self.scheme == "smtps":
            self.client: smtplib.SMTP = _OverTls(address, self.port, self.seconds, self.context, self.host)
        else:
            self.client = smtplib.SMTP(address, self.port, timeout=self.seconds)
        return self

    def greet(self) -> None:
        """Say hello, go over to TLS, log in."""
        self.client.ehlo()
        if self.scheme == "smtp" and self.client.has_extn("starttls"):
            self.client._host = self.host  # type: ignore[attr-defined]  # noqa: SLF001 - the name TLS asks for
            self.client.starttls(context=self.context)
            self.client.ehlo()
        elif self.scheme == "smtp" and not self.private:
            raise smtplib.SMTPNotSupportedError
        if self.user:
            self.client.login(self.user, self.password)

    def __exit__(self, *_: object) -> None:
        try:
            self.client.quit()
        except (smtplib.SMTPException, OSError):
            self.client.close()


class _OverTls(smtplib.SMTP_SSL):
    """TLS from the first byte, to an address that was checked, for the server's name."""

    def __init__(self, address: str, port: int, seconds: float, context: ssl.SSLContext, name: str) -> None:
        self._name = name
        super().__init__(address, port, timeout=seconds, context=context)

    def _get_socket(self, host: str, port: int, timeout: Any) -> ssl.SSLSocket:
        plain = socket.create_connection((host, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=self._name)
