"""What students read: true, of their own seat, and enough to know what they did and what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serve.live import served

pytestmark = pytest.mark.e2e


def test_what_was_typed_and_not_sent_is_read_by_nobody_who_comes_to_sit_there(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "3", "--seconds", "600") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        ann.post("draft", text="CANARYANA", **{"i-cut": "slices_9"})
        ben.post("draft", text="CANARYBEN")
        teacher.post("swap", one="1:0", other="1:1")
        assert "CANARY" not in ann.page() + ben.page()
        ben.post("draft", text="CANARYBEN")
        assert "CANARYBEN" in ben.page()
        teacher.post("kick", seat="1:0")
        made.kill()
        made.start()
        late = made.join("Cy", "0").page()
        assert "CANARY" not in late and 'value="slices_9" selected' not in late
