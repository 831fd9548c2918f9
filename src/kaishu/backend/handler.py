"""Django's handler of requests, with the fields of a form told apart by compiled code.

What is typed in Chinese comes with three percent signs a character. To decode them in Python would
be a good part of what filing a form costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from yarl import query_to_pairs

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_FIELDS: Final = "application/x-www-form-urlencoded"


class FormRequest(WSGIRequest):
    """A request as Django's, whose POST holds what Django's would (URL standard, 5.1)."""

    _post: QueryDict
    _files: MultiValueDict[str, UploadedFile[bytes]]

    def _load_post_and_files(self) -> None:
        if self.method == "POST" and self.content_type == _FIELDS and self.encoding is None:
            try:
                self._post, self._files = _fields(self.body), MultiValueDict()
            except ValueError:
                # Too many fields, or bytes that are no text: Django has an answer to both.
                pass
            else:
                return
        super()._load_post_and_files()


class FormHandler(WSGIHandler):
    """Django's handler, for such requests."""

    request_class = FormRequest


def _fields(body: bytes) -> QueryDict:
    """The fields of a form. Raises ValueError where there are too many, or what is no UTF-8."""
    lists: dict[str, list[str]] = {}
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    for name, value in query_to_pairs(body.decode(), max_fields=most):
        lists.setdefault(name, []).append(value)
    sent = QueryDict(encoding="utf-8")
    # As QueryDict puts them itself, one by one and each with a look at its type.
    dict.update(sent, lists)
    return sent
