"""Files of results: there whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import OutputError
from sim.files import write_whole


@pytest.mark.parametrize("content", ["a line — and more\n", "a line — and more\n".encode()])
def test_text_and_bytes_are_written_as_they_are(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "made" / "on the way.txt"
    for _ in range(2):  # the second time over the first
        write_whole(file, content)
    assert file.read_bytes() == "a line — and more\n".encode()
    assert file.stat().st_mode & 0o777 in (0o644, 0o666)
    assert list(file.parent.iterdir()) == [file]


def test_what_cannot_be_written_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    write_whole(file, "old")
    with pytest.raises(OutputError, match="surrogates not allowed"):
        write_whole(file, "\ud800")
    assert file.read_text("utf-8") == "old" and list(tmp_path.iterdir()) == [file]


def test_a_complaint_names_the_file_or_the_folder_that_the_user_knows(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"^cannot write .*here: is a folder$"):
        (tmp_path / "here").mkdir()
        write_whole(tmp_path / "here", "")
    with pytest.raises(OutputError, match=r"^cannot write to my-sweep: is a folder$"):
        write_whole(tmp_path / "here", b"", Path("my-sweep"))
