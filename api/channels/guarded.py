"""Connections that can't be led astray: each address is looked at before it is called.

A name is resolved once, every address of it must be a public one, and the
connection goes to the very address that was looked at, so that a name which
changes its answer gains nothing (DNS rebinding).
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from httpcore2 import ConnectError, NetworkBackend, NetworkStream, SyncBackend

_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_SPECIAL: Final = ("192.0.0.", "198.18.", "198.19.")
_LOW_32: Final = 0xFFFF_FFFF


class AddressRefused(ConnectError):
    """A host's address isn't a public one."""


class GuardedBackend(NetworkBackend):
    """Opens TCP connections to public addresses only."""

    def __init__(self) -> None:
        """Stand before the plain backend."""
        self._backend = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect to a host, if it has public addresses only.

        Raises:
            AddressRefused: If one of its addresses is not public.
            ConnectError: If it has none, or doesn't answer.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ConnectError("the host has no address") from error
        addresses = [str(one[4][0]) for one in found]
        if not all(is_public(one) for one in addresses):
            raise AddressRefused("the host has an address that is not public")
        return self._backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002  the signature is the library's
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        """Refuse: webhooks go nowhere by a socket file."""
        raise AddressRefused("a socket file is not public")


def is_public(text: str) -> bool:
    """Return whether an address belongs to the public Internet, whichever way it is written.

    Addresses of IPv6 that stand for one of IPv4 (mapped, NAT64, 6to4, Teredo)
    are as public as that one is, and no more.
    """
    address = ip_address(text.partition("%")[0])
    inner = _inside(address)
    if inner is not None:
        return is_public(str(inner))
    if str(address).startswith(_SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that one of IPv6 stands for, or None."""
    if isinstance(address, IPv4Address):
        return None
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & _LOW_32)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
