"""What is stored of a case. Models hold data; only `actions` changes it.

What time implies (overdue, days left) is never stored. Events are append-only: triggers of the
database refuse to change or delete one.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaishu.base.i18n import N_
from kaishu.base.vocabulary import ApplicantType, BasisLevel, Word


class Kind(Word):
    """Kinds of case."""

    OPEN_APPLICATION = "open-application", N_("Application to open")


class State(Word):
    """Where a case stands."""

    SUBMITTED = "submitted", N_("Submitted")
    GRANTED = "granted", N_("Granted")
    REFUSED = "refused", N_("Refused")
    DELIVERED = "delivered", N_("Delivered")
    WITHDRAWN = "withdrawn", N_("Withdrawn by the applicant")


class Verb(Word):
    """What happens to a case; each is one event."""

    SUBMIT = "submit", N_("Application received")
    GRANT = "grant", N_("Application granted")
    REFUSE = "refuse", N_("Application refused")
    DELIVER = "deliver", N_("Data delivered")
    FETCH = "fetch", N_("Delivery fetched")
    WITHDRAW = "withdraw", N_("Application withdrawn")
    RECOUNT = "recount", N_("Due date counted anew")


class Actor(Word):
    """Who did it."""

    APPLICANT = "applicant", N_("Applicant")
    OFFICER = "officer", N_("Officer")
    PORTAL = "portal", N_("The portal itself")


class Clock(Word):
    """Which term of the regulation a due date belongs to; none where it sets none."""

    ANSWER = "answer", N_("Reply due")
    DELIVERY = "delivery", N_("Delivery due")
    NONE = "none", N_("No term set")


class Outcome(Word):
    """What an answer decides."""

    GRANTED = "granted", N_("Granted")
    REFUSED = "refused", N_("Refused")


def _choices(word: type[Word]) -> list[tuple[str, str]]:
    return [(member.value, member.message) for member in word]


class Case(models.Model):
    """办件. `due_at` is the exclusive end of the term; `version` counts changes (compare-and-set).

    `code_hash` is the SHA-256 of the query code, which is shown to the applicant alone.
    """

    number = models.CharField(max_length=32, unique=True)
    code_hash = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=32, choices=_choices(Kind))
    state = models.CharField(max_length=16, choices=_choices(State))
    version = models.PositiveIntegerField(default=1)

    dataset_key = models.CharField(max_length=200)
    dataset_title = models.CharField(max_length=500)
    department = models.CharField(max_length=64)

    applicant_type = models.CharField(max_length=32, choices=_choices(ApplicantType))
    applicant_name = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18, blank=True)
    contact_person = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    email = models.CharField(max_length=254, blank=True)

    wanted = models.TextField()
    purpose = models.TextField()
    scene = models.TextField()
    period = models.CharField(max_length=200)
    delivery_way = models.CharField(max_length=200, blank=True)
    security = models.TextField()
    undertaking = models.CharField(max_length=32)

    received_at = models.DateTimeField()
    regulation = models.CharField(max_length=100)
    rule = models.CharField(max_length=64, blank=True)
    article = models.CharField(max_length=64, blank=True)
    clock = models.CharField(max_length=16, choices=_choices(Clock))
    due_date = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="case_state_due")]

    @property
    def state_word(self) -> State:
        """The state with its label."""
        return State(self.state)

    @property
    def applicant_word(self) -> ApplicantType:
        """The applicant's type with its label."""
        return ApplicantType(self.applicant_type)

    @property
    def is_running(self) -> bool:
        """Whether the clock still runs: until the answer, or until the delivery, as it counts."""
        if self.clock == Clock.DELIVERY:
            return self.state in (State.SUBMITTED, State.GRANTED)
        return self.state == State.SUBMITTED


class Event(models.Model):
    """One thing that happened; never changed, never deleted. `data` holds no personal data."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=16, choices=_choices(Verb))
    actor = models.CharField(max_length=16, choices=_choices(Actor))
    actor_name = models.CharField(max_length=150, blank=True)
    data = models.JSONField(default=dict)

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


class Answer(models.Model):
    """答复. A refusal carries its reason, and its basis where the regulation asks for one."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=16, choices=_choices(Outcome))
    message = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    basis_title = models.CharField(max_length=300, blank=True)
    basis_article = models.CharField(max_length=100, blank=True)
    basis_level = models.CharField(max_length=32, blank=True, choices=_choices(BasisLevel))
    answered_at = models.DateTimeField()

    @property
    def outcome_word(self) -> Outcome:
        """The outcome with its label."""
        return Outcome(self.outcome)

    @property
    def level_word(self) -> BasisLevel | None:
        """The basis's level with its label."""
        return BasisLevel(self.basis_level) if self.basis_level else None


class Delivery(models.Model):
    """交付: a file kept in the variable folder (`stored`, a name made here), or a link."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliveries")
    stored = models.CharField(max_length=64, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(max_length=1000, blank=True)
    delivered_at = models.DateTimeField()


class StaffProfile(models.Model):
    """Which department an officer answers for; empty for the operator, who sees all."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_profile"
    )
    department = models.CharField(max_length=64, blank=True)
