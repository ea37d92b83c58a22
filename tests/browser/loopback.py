"""Run a command where only loopback exists: ``python -m tests.browser.loopback COMMAND…``.

The kernel gives it a network of its own without any way out, so that a request to elsewhere cannot succeed unseen.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys

#: marks the inner process, which brings loopback up and becomes the command
INSIDE = "--inside"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def bring_loopback_up() -> None:
    """What `ip link set lo up` does, without needing iproute2."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def main(arguments: list[str]) -> None:
    if arguments[:1] == [INSIDE]:
        bring_loopback_up()
        os.execvp(arguments[1], arguments[1:])
    inner = [sys.executable, "-m", "tests.browser.loopback", INSIDE, *arguments]
    os.execvp("unshare", ["unshare", "--net", "--map-root-user", *inner])


if __name__ == "__main__":
    main(sys.argv[1:])
