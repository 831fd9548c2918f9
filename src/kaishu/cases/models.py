"""What is stored of a case. Models hold data; only `actions` and `filing` change it.

What time implies (overdue, days left) is never stored. Events are append-only: triggers of the
database refuse to change or delete one. What an applicant states is sealed (`encryption`).
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from kaishu.base.vocabulary import ApplicantType, BasisLevel
from kaishu.cases import encryption
from kaishu.cases.words import (
    CONSENTED,
    UNANSWERED,
    Actor,
    Clock,
    Kind,
    MailState,
    Outcome,
    Reason,
    Role,
    State,
    Verb,
    choices,
    outcome_label,
)

# Where an open case has no term: behind every case that has one.
NO_TERM = date(9999, 12, 31)
# The statement's fields that an exact search finds, each with its column.
INDEXED = ("applicant_name", "uscc", "phone", "email")


def _there(name: str) -> models.Q:
    return models.Q(**{f"{name}__isnull": False})


class Case(models.Model):
    """办件. `due_at` is the exclusive end of the term; `version` counts changes (compare-and-set).

    `department` is who holds the case now, empty for the operator; `provider` whose data it is
    about. `started_at` is what the term counts from. `open_due_on` is the last day while the
    office owes something (NO_TERM without a term), and null afterwards. `access` is a hash of
    number and query code together, `proof` the digest of the proof of work that was spent for it
    (null: none was), and `head` the hash of the newest event.
    """

    number = models.CharField(max_length=32, unique=True)
    access = models.CharField(max_length=64, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=32, choices=choices(Kind))
    state = models.CharField(max_length=16, choices=choices(State))
    version = models.PositiveIntegerField(default=1)
    head = models.CharField(max_length=64)
    # Found by an index that leaves out the many cases which are about no other.
    about = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="disputes", db_index=False
    )
    proof = models.CharField(max_length=32, null=True)

    dataset_key = models.CharField(max_length=200, blank=True)
    dataset_title = models.CharField(max_length=500)
    provider = models.CharField(max_length=64, blank=True)
    department = models.CharField(max_length=64, blank=True)

    sealed = models.TextField(blank=True)
    applicant_name_index = models.CharField(max_length=32, blank=True, db_index=True)
    uscc_index = models.CharField(max_length=32, blank=True, db_index=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    email_index = models.CharField(max_length=32, blank=True, db_index=True)
    undertaking = models.CharField(max_length=32, blank=True)

    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    regulation = models.CharField(max_length=100)
    rule = models.CharField(max_length=64, blank=True)
    article = models.CharField(max_length=64, blank=True)
    clock = models.CharField(max_length=16, choices=choices(Clock))
    promised = models.BooleanField(default=False)
    extended_by = models.PositiveSmallIntegerField(default=0)
    due_date = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    open_due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["open_due_on", "id"], name="case_open_due"),
            models.Index(fields=["department", "open_due_on", "id"], name="case_department_due"),
            models.Index(fields=["department", "id"], name="case_department"),
            models.Index(fields=["dataset_key", "kind"], name="case_dataset"),
            models.Index(fields=["ended_at"], condition=_there("ended_at"), name="case_ended"),
            models.Index(fields=["about"], condition=_there("about"), name="case_about"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proof"], condition=_there("proof"), name="case_proof_once"
            )
        ]

    @cached_property
    def _words(self) -> dict[str, Any]:
        words: dict[str, Any] = encryption.unseal(self.sealed) if self.sealed else {}
        return words

    @property
    def statement(self) -> dict[str, Any]:
        """What the applicant stated, by field; empty once the personal data are erased."""
        fields: dict[str, Any] = self._words.get("statement", {})
        return fields

    @property
    def salt(self) -> str:
        """The salt of the commitments to this case's words; empty once erased."""
        return str(self._words.get("salt", ""))

    @property
    def keys_mark(self) -> str:
        """What the first event says of the two hashes by which the case is found again."""
        return hashlib.sha256(f"{self.access}:{self.idempotency_key}".encode()).hexdigest()

    @property
    def kind_word(self) -> Kind:
        """The kind with its label."""
        return Kind(self.kind)

    @property
    def state_word(self) -> State:
        """The state, as a word."""
        return State(self.state)

    @property
    def state_label(self) -> str:
        """The state as people read it: a correction is corrected, not granted."""
        return outcome_label(self.kind, self.state)

    @property
    def title(self) -> str:
        """What it is about: the dataset's title, or what a demand asks for."""
        return self.dataset_title or self.statement.get("title") or self.kind_word.label

    @property
    def applicant_word(self) -> ApplicantType | None:
        """The applicant's type with its label, where one was stated."""
        stated = self.statement.get("applicant_type")
        return ApplicantType(stated) if stated else None

    @property
    def is_running(self) -> bool:
        """Whether the clock still runs: until the answer, or until the delivery, as it counts."""
        if self.clock == Clock.NONE:
            return False
        if self.clock == Clock.DELIVERY:
            return self.state in (*UNANSWERED, *CONSENTED)
        return self.state in UNANSWERED


class Event(models.Model):
    """One thing that happened; never changed, never deleted. `data` holds no personal data."""

    # Found by the constraint's index.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=16, choices=choices(Verb))
    actor = models.CharField(max_length=16, choices=choices(Actor))
    actor_name = models.CharField(max_length=150, blank=True)
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="event_once")
        ]

    @property
    def verb_word(self) -> Verb:
        """The verb with its label."""
        return Verb(self.verb)

    @property
    def actor_word(self) -> Actor:
        """The actor with its label."""
        return Actor(self.actor)


class Note(models.Model):
    """What was written along the way: a question, a supplement, why a term was extended.

    `sequence` is that of its event; the words are sealed with the salt of their commitment.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    sequence = models.PositiveIntegerField()
    sealed = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="note_once")
        ]

    @cached_property
    def text(self) -> str:
        """The words; empty once erased."""
        return str(encryption.unseal(self.sealed)["text"]) if self.sealed else ""


class Answer(models.Model):
    """答复. A refusal carries its reason, and its basis where the regulation asks for one.

    `released`: somebody read the reason and found nothing personal in it, so that the public
    register may show it; the code and the basis are shown always.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=16, choices=choices(Outcome))
    message = models.TextField(blank=True)
    reason_code = models.CharField(max_length=32, blank=True, choices=choices(Reason))
    reason = models.TextField(blank=True)
    basis_title = models.CharField(max_length=300, blank=True)
    basis_article = models.CharField(max_length=100, blank=True)
    basis_level = models.CharField(max_length=32, blank=True, choices=choices(BasisLevel))
    released = models.BooleanField(default=False)
    answered_at = models.DateTimeField()

    @property
    def outcome_label(self) -> str:
        """The outcome as people read it, by the kind of case."""
        return outcome_label(self.case.kind, self.outcome)

    @property
    def reason_word(self) -> Reason | None:
        """The reason's code with its label."""
        return Reason(self.reason_code) if self.reason_code else None

    @property
    def level_word(self) -> BasisLevel | None:
        """The basis's level with its label."""
        return BasisLevel(self.basis_level) if self.basis_level else None


class Delivery(models.Model):
    """交付: a file kept in the variable folder (`stored`, a name made here), or a link.

    `expires_at` is the end of its term of use, `fetch_limit` how often it may be fetched; null
    where neither was set.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliveries")
    stored = models.CharField(max_length=64, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(max_length=1000, blank=True)
    delivered_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    fetch_limit = models.PositiveIntegerField(null=True)
    fetches = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)


class OutgoingMail(models.Model):
    """A mail of the outbox, written in the transaction of what it tells of; see `outbox`.

    `message_id` stays the same at every attempt. To whom it goes and what it says are sealed, and
    gone once it is settled.
    """

    message_id = models.CharField(max_length=120, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="mails")
    sealed = models.TextField(blank=True)
    subject = models.CharField(max_length=300)
    state = models.CharField(
        max_length=16, choices=choices(MailState), default=MailState.WAITING.value
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "not_before"], name="mail_due")]

    @property
    def recipient(self) -> str:
        """The address that it goes to; empty when it is settled."""
        return self._words.get("recipient", "")

    @property
    def body(self) -> str:
        """What it says; empty when it is settled."""
        return self._words.get("body", "")

    @cached_property
    def _words(self) -> dict[str, str]:
        words: dict[str, str] = encryption.unseal(self.sealed) if self.sealed else {}
        return words


class StaffProfile(models.Model):
    """Whom an account belongs to; `department` is empty for the operator and the auditor."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_profile"
    )
    department = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=16, choices=choices(Role), default=Role.OFFICER.value)
    email = models.EmailField(blank=True)

    @property
    def role_word(self) -> Role:
        """The role with its label."""
        return Role(self.role)

    @property
    def sees_all(self) -> bool:
        """Whether every department's cases are shown."""
        return self.role in (Role.OPERATOR, Role.AUDITOR)


class SavedView(models.Model):
    """A list of the desk that an officer keeps: a name and the query that makes it."""

    profile = models.ForeignKey(StaffProfile, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["profile", "name"], name="view_once")
        ]


class Throttled(models.Model):
    """Failures of one visitor for one purpose (`key`, a keyed hash) in the window until `until`."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
