"""A TCP proxy that can cut every connection at once, as a reloaded nginx or a lost network does."""

import asyncio
from contextlib import suppress


class Proxy:
    """Listens on a port of its own and passes everything on. `cuts` counts the connections that it has cut."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target, self.cuts = port, target, 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port, backlog=4096)
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server, from_us = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers |= {writer, from_us}
        ways = [asyncio.create_task(_pass(reader, from_us)), asyncio.create_task(_pass(to_server, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, from_us):
            one.close()
            self._writers.discard(one)

    def cut(self) -> None:
        """Cut every connection without a word."""
        self.cuts += len(self._writers) // 2
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
