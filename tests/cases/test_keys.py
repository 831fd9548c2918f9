"""A new key seals what is stored, so that nothing needs the earlier ones; nothing is lost on the way."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from tests.cases.conftest import FIELDS, OFFICER, file_one
from tests.cases.files import made

from kaishu.base.errors import UsageError
from kaishu.cases import actions, audit, encryption, filing, intake, keys
from kaishu.cases.models import Case, Note, OutgoingMail
from kaishu.cases.records import Attachment
from kaishu.cli.keys import added, resealed

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from kaishu.cases.portal import Now


def new_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def told(case: Case) -> Case:
    """A case with words, an attachment and mails."""
    actions.ask(case, OFFICER, "请说明时间范围")
    sent = intake.Admitted((intake.Sent("证明.png", "image/png", made.png()),))
    filing.supplement(case, "2026年全年", sent.attachments(case))
    return case


def everything() -> list[object]:
    """All that is sealed, opened with the keys at hand."""
    return [
        *((one.statement, one.salt) for one in Case.objects.order_by("pk")),
        *(one.text for one in Note.objects.order_by("pk")),
        *(one.name for one in Attachment.objects.order_by("pk")),
        *(one.recipient for one in OutgoingMail.objects.order_by("pk")),
        *(one.body for one in OutgoingMail.objects.order_by("pk")),
    ]


def test_after_it_the_earlier_keys_are_not_needed(told: Case, settings: SettingsWrapper) -> None:
    assert len(before := everything()) >= 8
    old, new = settings.KAISHU_KEYS, new_key()
    settings.KAISHU_KEYS = [new, *old]
    found = keys.reseal()
    assert found.changed == found.rows == 1 + 2 + 1 + OutgoingMail.objects.count()
    settings.KAISHU_KEYS = [new]
    assert everything() == before
    assert list(audit.verify()) == []
    for name in ("applicant_name", "phone", "email"):
        index = encryption.blinds(name, FIELDS[name])
        assert Case.objects.get(**{f"{name}_index__in": index}) == told


def test_every_sealed_column_is_known() -> None:
    """A column that seals is named so."""
    from django.apps import apps

    named = {
        (model, column.name)
        for model in apps.get_app_config("cases").get_models()
        for column in model._meta.get_fields()
        if column.name.startswith("sealed")
    }
    assert named == {(model, name) for model, names in keys.SEALED.items() for name in names}


def test_run_again_it_changes_nothing(told: Case, settings: SettingsWrapper) -> None:
    settings.KAISHU_KEYS = [new_key(), *settings.KAISHU_KEYS]
    keys.reseal()
    before = list(Case.objects.values()) + list(OutgoingMail.objects.values())
    assert keys.reseal().changed == 0
    assert list(Case.objects.values()) + list(OutgoingMail.objects.values()) == before


def test_broken_off_it_goes_on_where_it_stopped(
    now: Now, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        file_one(now, key=f"{n}" * 32)
    settings.KAISHU_KEYS = [new_key(), *settings.KAISHU_KEYS]
    monkeypatch.setattr(keys, "_AT_ONCE", 2)
    write, written = keys._written, []

    def breaks_off(model: object, batch: list[object]) -> int:
        if written:
            raise KeyboardInterrupt
        written.append(batch)
        return write(model, batch)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(keys, "_written", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            keys.reseal()
    done = [encryption.is_newest(one.sealed) for one in Case.objects.order_by("pk")]
    assert done == [True, True, False, False, False]
    assert keys.reseal().changed == 3 + OutgoingMail.objects.count()
    assert all(encryption.is_newest(one.sealed) for one in Case.objects.all())


def test_what_changes_meanwhile_is_left_as_it_became(
    case: Case, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KAISHU_KEYS = [new_key(), *settings.KAISHU_KEYS]
    write = keys._written

    def overtaken(model: object, batch: list[object]) -> int:
        Case.objects.update(sealed=encryption.seal({"salt": "s", "statement": {"title": "新"}}))
        return write(model, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(keys, "_written", overtaken)
    keys.reseal()
    assert Case.objects.get().statement == {"title": "新"}


def test_erased_words_stay_erased(told: Case, settings: SettingsWrapper) -> None:
    Note.objects.update(sealed="")
    settings.KAISHU_KEYS = [new_key(), *settings.KAISHU_KEYS]
    keys.reseal()
    assert {one.sealed for one in Note.objects.all()} == {""}


def test_what_no_key_opens_is_named_and_the_rest_is_sealed_all_the_same(
    now: Now, settings: SettingsWrapper
) -> None:
    lost, kept, new = new_key(), settings.KAISHU_KEYS[0], new_key()
    file_one(now, key="1" * 32)
    settings.KAISHU_KEYS = [lost]
    unreadable = file_one(now, key="2" * 32)
    settings.KAISHU_KEYS = [new, kept]
    with pytest.raises(UsageError, match=f"cases_case {unreadable.pk}"):
        resealed()
    assert encryption.is_newest(Case.objects.order_by("pk")[0].sealed)


def test_the_command_says_when_earlier_keys_can_go(
    told: Case, settings: SettingsWrapper, capsys: pytest.CaptureFixture[str]
) -> None:
    resealed()
    assert "两小时" not in capsys.readouterr().out
    settings.KAISHU_KEYS = [new_key(), *settings.KAISHU_KEYS]
    resealed()
    assert "两小时" in capsys.readouterr().out


def test_a_new_key_is_put_first_where_the_portal_keeps_them(
    settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KAISHU_KEYS", raising=False)
    path, old = Path(settings.KAISHU_VAR) / "keys", new_key()
    path.write_text(old)
    added()
    first, second = path.read_text().split()
    assert second == old
    Fernet(first)
    assert first not in capsys.readouterr().out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys"]


def test_a_new_key_is_printed_where_the_environment_gives_them(
    settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAISHU_KEYS", ",".join(settings.KAISHU_KEYS))
    added()
    Fernet(capsys.readouterr().out.split()[0])
    assert not (Path(settings.KAISHU_VAR) / "keys").exists()
