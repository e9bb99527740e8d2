"""Joins a Unix socket with the port of a server, in a network namespace that only these two share.

    relay.py SOCKET PORT COMMAND...

Starts COMMAND, and ends with it and with its status. The socket is for its owner alone.
"""

import asyncio
import os
import sys

CHUNK = 65536


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    try:
        there, back = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        # The server does not listen yet, or no more: who asks sees the connection end.
        writer.transport.abort()
        return
    ways = [asyncio.create_task(copy(reader, back)), asyncio.create_task(copy(there, writer))]
    _, open_ways = await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
    # One side has gone in the middle: so does the other.
    for way in open_ways:
        way.cancel()
    for result in await asyncio.gather(*ways, return_exceptions=True):
        if isinstance(result, BaseException):
            writer.transport.abort()
            back.transport.abort()
    writer.close()
    back.close()


async def main(path: str, port: int, command: list[str]) -> int:
    os.umask(0o177)
    if os.path.lexists(path):
        os.unlink(path)
    await asyncio.start_unix_server(lambda reader, writer: join(reader, writer, port), path)
    os.umask(0o077)
    server = await asyncio.create_subprocess_exec(*command)
    status = await server.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))
