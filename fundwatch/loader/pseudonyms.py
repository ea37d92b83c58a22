"""The keyed hash of a person's number: AES-CMAC (RFC 4493, NIST SP 800-38B) with a 256-bit key, for whole columns at once.

Claim files hold millions of person numbers. HMAC-SHA256 in SQL took a third of a whole load; the block cipher works on a
column in one call (docs/decisions/012-keyed-hash-of-persons.md has the figures).
"""

from __future__ import annotations

import binascii
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
#: a block as 64-bit words, which are xored eight bytes at a time
WORDS = 2
#: hex digits of a pseudonym: the whole tag of 128 bits, so that no two persons meet by chance
HASH_DIGITS = 2 * BLOCK
#: the constant of subkey generation for 128-bit blocks, and the first bit of padding (RFC 4493, 2.3 and 2.4)
R_B, PADDING = 0x87, 0x80


def pseudonym(key: bytes, number: str) -> str:
    """One person's number as 32 hex digits."""
    mac = CMAC(algorithms.AES(key))
    mac.update(number.encode())
    return mac.finalize().hex()


def column_hasher(key: bytes) -> Callable[[pa.Array | pa.ChunkedArray], pa.Array]:
    """``pseudonym`` for a column of text; null stays null."""
    cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - single blocks are what CMAC is made of
    full, partial = _subkeys(cipher)

    def hashed(numbers: pa.Array | pa.ChunkedArray) -> pa.Array:
        if isinstance(numbers, pa.ChunkedArray):
            numbers = numbers.combine_chunks()
        lengths, blocks = _padded(numbers)
        last = np.maximum(lengths - 1, 0) // BLOCK
        if len(lengths) and (lengths == lengths[0]).all():
            # Numbers of one county are of one length, so this is the usual way, and half the work.
            blocks[:, last[0]] ^= full if lengths[0] and lengths[0] % BLOCK == 0 else partial
            return _hex(_chained(cipher, blocks), numbers)
        ends_full = (lengths > 0) & (lengths % BLOCK == 0)
        blocks[np.arange(len(lengths)), last] ^= np.where(ends_full[:, None], full, partial)
        tags = np.zeros((len(lengths), WORDS), np.uint64)
        for count in np.unique(last):
            chosen = last == count
            tags[chosen] = _chained(cipher, blocks[chosen, : count + 1])
        return _hex(tags, numbers)

    return hashed


def _chained(cipher: Cipher, blocks: np.ndarray) -> np.ndarray:
    """The last cipher block of each row of ``blocks`` (rows, blocks, words), the blocks chained as in CBC."""
    state = blocks[:, 0]
    for number in range(blocks.shape[1]):
        mixed = state if number == 0 else state ^ blocks[:, number]
        state = np.frombuffer(cipher.encryptor().update(mixed.tobytes()), np.uint64).reshape(-1, WORDS)
    return state


def _subkeys(cipher: Cipher) -> tuple[np.ndarray, np.ndarray]:
    """K1 for a last block that is full, K2 for a padded one."""
    value = int.from_bytes(cipher.encryptor().update(bytes(BLOCK)), "big")
    keys = []
    for _ in range(2):
        value = (value << 1) ^ (R_B if value >> 127 else 0)
        value &= (1 << 128) - 1
        keys.append(np.frombuffer(value.to_bytes(BLOCK, "big"), np.uint64))
    return keys[0], keys[1]


def _padded(numbers: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Lengths in bytes, and the bytes as (rows, blocks, words) with the padding bit set. A null counts as empty."""
    texts = numbers.cast(pa.large_binary())
    texts = texts.fill_null(b"") if texts.null_count else texts
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    lengths = offsets[1:] - offsets[:-1]
    longest = int(lengths.max(initial=0))
    width = max(BLOCK, -(-longest // BLOCK) * BLOCK)
    cells = np.zeros((len(texts), width), np.uint8)
    if texts.buffers()[2] is not None:
        data = np.frombuffer(texts.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
        if data.size == longest * len(texts):
            cells[:, :longest] = data.reshape(len(texts), longest)
        else:
            cells[np.arange(width) < lengths[:, None]] = data
    open_ended = np.flatnonzero((lengths % BLOCK != 0) | (lengths == 0))
    cells[open_ended, lengths[open_ended]] = PADDING
    return lengths, cells.view(np.uint64).reshape(len(texts), width // BLOCK, WORDS)


def _hex(tags: np.ndarray, like: pa.Array) -> pa.Array:
    offsets = np.arange(len(tags) + 1, dtype=np.int32) * HASH_DIGITS
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(binascii.hexlify(tags.tobytes()))]
    texts = pa.Array.from_buffers(pa.string(), len(tags), buffers)
    if not like.null_count:
        return texts
    # The type is named: a column of nulls alone would have none.
    return pa.array(
        np.where(like.is_valid().to_numpy(zero_copy_only=False), texts.to_numpy(zero_copy_only=False), None),
        pa.string(),
    )
