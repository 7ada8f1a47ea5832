"""Random keys that a development machine makes for itself and keeps in its data folder."""

import base64
import os
import secrets
from pathlib import Path


def local_key(folder: Path, name: str, prefix: str = "") -> str:
    """Return the key `name` of `folder`, made at random on first use, readable by its owner only.

    Safe to call from several processes at once: the first one to link the file wins.

    Raises:
        SystemExit: the folder cannot be written. Settings ask for keys before any command runs, so this is the one place
            to say it in a line.

    """
    try:
        return _read_or_make(folder / "keys" / name, prefix)
    except OSError as error:
        raise SystemExit(
            f"{folder} cannot be written ({error.strerror}). Name another folder in ANAHATA_DATA_DIR."
        ) from error


def _read_or_make(path: Path, prefix: str) -> str:
    if not path.exists():
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(prefix + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
