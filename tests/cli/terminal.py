# SPDX-License-Identifier: MIT
"""nstree on a terminal."""
import fcntl
import os
import pty
import struct
import termios
import threading
import unittest

from common import environment


def open_terminal():
    try:
        return pty.openpty()
    except OSError as error:
        raise unittest.SkipTest(f"no pseudo terminal: {error}") from error


def on_terminal(test, *args, columns=0, **env):
    """The output of nstree, run by `test`, on a terminal of that many columns."""
    master, slave = open_terminal()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    chunks = []

    def read():
        try:
            while more := os.read(master, 65536):
                chunks.append(more)
        except OSError:  # EIO: nobody has the other side open any more
            pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        test.nstree(*args, stdout=slave, env=environment(**{"TERM": "xterm", **env}))
    finally:
        os.close(slave)
        reader.join()
        os.close(master)
    return b"".join(chunks).decode().replace("\r\n", "\n")
