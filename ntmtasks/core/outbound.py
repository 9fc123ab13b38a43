"""Handing something to a server that people named: one POST, to that server and to nobody else.

Whoever may type an address could else make this machine ask its neighbours for what they tell nobody
outside (SSRF): so the name is looked up once, every address found must be a public one, the connection
goes to that very address, redirects are not followed, and nothing of the answer is kept but its status.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 5, 10, 20
MOST_CHARACTERS = 1000
_NAT64 = ip_network("64:ff9b::/96")


class NotAllowed(ValueError):
    """Nothing is sent there; says why."""


class NoAnswer(Exception):
    """The server could not be reached or said nothing that is HTTP; says why."""


def read_url(url: str, private: bool) -> SplitResult:
    """The parts of an address to which something may be sent; http alone where `private` machines are
    allowed. Raises NotAllowed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("Địa chỉ không đọc được.") from None
    if parts.scheme not in ({"https", "http"} if private else {"https"}) or not parts.hostname:
        raise NotAllowed("Địa chỉ phải bắt đầu bằng https://.")
    if parts.username is not None or parts.fragment or port == 0 or len(url) > MOST_CHARACTERS:
        raise NotAllowed("Địa chỉ không được có tên, mật khẩu, dấu # hay quá dài.")
    if not url.isascii() or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise NotAllowed(
            "Địa chỉ chỉ gồm chữ không dấu, số và ký hiệu; tên miền có dấu viết dạng xn--."
        )
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the world: neither this machine nor its network, also where the one
    stands inside another."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64:
            return is_public(str(ip_address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_loopback(address: str) -> bool:
    """Whether an IP address is this very machine."""
    return ip_address(address.partition("%")[0]).is_loopback


def post(
    url: str, body: bytes, headers: Mapping[str, str], private: bool, only_here: bool = False
) -> int:
    """Send `body` and return the status of the answer. `private` allows machines of the own network,
    `only_here` this machine alone. Raises NotAllowed, NoAnswer. Takes at most about ALL_SECONDS, and what
    the name server needs. Not to be called inside a transaction."""
    parts = read_url(url, private)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    address = _looked_up(host, port, private, only_here)
    line = _Line(host, port, address, ssl.create_default_context() if is_tls else None)
    end = threading.Timer(ALL_SECONDS, line.break_off)
    end.daemon = True
    end.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, dict(headers))
        return line.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(str(error) or type(error).__name__) from None
    finally:
        end.cancel()
        line.close()


def _looked_up(host: str, port: int, private: bool, only_here: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"không tìm thấy {host}: {error}") from None
    addresses = [str(each[4][0]) for each in found]
    if only_here and not all(map(is_loopback, addresses)):
        raise NotAllowed("Bản mẫu không gửi ra ngoài máy này.")
    if not private and not all(map(is_public, addresses)):
        raise NotAllowed(f"{host} là máy trong mạng riêng; không gửi đến đó.")
    return addresses[0]


class _Line(http.client.HTTPConnection):
    """A connection to an address that was looked up before, in the name of its host."""

    def __init__(self, host: str, port: int, address: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port)
        self.address, self.tls = address, tls

    def connect(self) -> None:
        """Connect to the address; a certificate has to be the host's."""
        self.sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        self.sock.settimeout(READ_SECONDS)
        if self.tls is not None:
            self.sock = self.tls.wrap_socket(self.sock, server_hostname=self.host)

    def break_off(self) -> None:
        """End a conversation that takes too long, however little silence there is in it."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
