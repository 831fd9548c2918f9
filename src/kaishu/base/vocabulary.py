"""Controlled vocabularies: the standard's and the regulations' own words, one per concept.

Each member's value stands in files and addresses; its `label` is what people read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from kaishu.base.i18n import N_, gettext


class Word(StrEnum):
    """A vocabulary whose members know the words shown for them."""

    message: str

    def __new__(cls, value: str, message: str = "") -> Self:  # noqa: D102
        member = str.__new__(cls, value)
        member._value_ = value
        member.message = message
        return member

    @property
    def label(self) -> str:
        """The member's name in the language in use."""
        return gettext(self.message)


class Openness(Word):
    """开放属性 (营口 第二十八条)."""

    UNCONDITIONAL = "unconditional", N_("Open to all")
    ON_REQUEST = "on-request", N_("Open on request")
    CLOSED = "closed", N_("Not open")


class Sharing(Word):
    """共享属性 (national 第十四条)."""

    UNCONDITIONAL = "unconditional", N_("Shared unconditionally")
    CONDITIONAL = "conditional", N_("Shared conditionally")
    NONE = "none", N_("Not shared")


class OpeningMode(Word):
    """开放方式."""

    DOWNLOAD = "download", N_("Download")
    API = "api", N_("API")


class SharingMode(Word):
    """共享方式."""

    DATABASE = "database", N_("Database")
    FILE = "file", N_("File")
    API = "api", N_("API")
    MAIL = "mail", N_("Mail")
    MEDIUM = "medium", N_("Storage medium")


class Category(Word):
    """类 of the national catalogue guide (发改高技〔2017〕1272号)."""

    BASE = "base", N_("Base information")
    THEME = "theme", N_("Theme information")
    DEPARTMENT = "department", N_("Department information")


class UpdateCycle(Word):
    """更新周期 of the national catalogue guide."""

    REALTIME = "realtime", N_("In real time")
    DAILY = "daily", N_("Daily")
    WEEKLY = "weekly", N_("Weekly")
    MONTHLY = "monthly", N_("Monthly")
    QUARTERLY = "quarterly", N_("Quarterly")
    HALF_YEARLY = "half-yearly", N_("Half-yearly")
    YEARLY = "yearly", N_("Yearly")
    IRREGULAR = "irregular", N_("Irregularly")
    NEVER = "never", N_("Not updated")
    OTHER = "other", N_("Other")


class BasisLevel(Word):
    """Rank of a legal basis, highest first."""

    LAW = "law", N_("Law")
    ADMINISTRATIVE_REGULATION = "administrative-regulation", N_("Administrative regulation")
    STATE_COUNCIL = "state-council", N_("State Council decision")
    LOCAL_REGULATION = "local-regulation", N_("Local regulation")
    RULE = "rule", N_("Government rule")
    DOCUMENT = "document", N_("Normative document")


class Issuer(Word):
    """Whose a basis is."""

    NATIONAL = "national", N_("National")
    PARTY_CENTRAL = "party-central", N_("Central Committee of the Party")
    PROVINCIAL = "provincial", N_("Provincial")
    CITY = "city", N_("City")


class ApplicantType(Word):
    """申请人类型 (营口 第二十九条: 自然人、法人或者其他组织)."""

    PERSON = "person", N_("Natural person")
    LEGAL_PERSON = "legal-person", N_("Legal person")
    OTHER_ORGANISATION = "other-organisation", N_("Other organisation")
