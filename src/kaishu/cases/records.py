"""What is stored beside the cases: attachments, confirmations, demands' names, tallies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaishu.cases import encryption
from kaishu.cases.models import Case

Mark = tuple[int, str, str, str, int]


def mark(position: int, digest: str, name: str, media_type: str, size: int) -> Mark:
    """What an attachment is, to be committed to: its place, SHA-256, name, type and bytes."""
    return position, digest, name, media_type, size


class Attachment(models.Model):
    """附件: a file that an applicant sent with a case, kept by its content (`files.store`).

    `sequence` is that of the event it came with; the name is sealed, as it is the applicant's.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    sequence = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=100)
    bytes = models.PositiveBigIntegerField()
    sealed_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["sequence", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence", "position"], name="attachment_once")
        ]

    @property
    def name(self) -> str:
        """The name that the applicant's file had."""
        return str(encryption.unseal(self.sealed_name))

    @property
    def mark(self) -> Mark:
        """What its event commits to."""
        return mark(self.position, self.digest, self.name, self.media_type, self.bytes)


class Confirmation(models.Model):
    """A case filed without proof of work, which a mail asks to confirm; null until it is."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_at = models.DateTimeField(null=True)


class DemandPiece(models.Model):
    """Two letters of a demand's name, as a keyed hash, by which the like is found: `duplicates`.

    `size` is how many such pieces the name has.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pieces")
    piece = models.BigIntegerField()
    size = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["piece", "case", "size"], name="piece_found")]


class Tally(models.Model):
    """A rollup of reply times (see `tally`): cases received in a year, by kind and department.

    `outcomes` counts by outcome, `days` answers by the working days they took.
    """

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32)
    department = models.CharField(max_length=64, blank=True)
    received = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    outcomes = models.JSONField(default=dict)
    days = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "kind", "department"], name="tally_once")
        ]
