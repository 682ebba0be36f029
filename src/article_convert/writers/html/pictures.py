"""What stands in `src` on an HTML page: the bytes of a picture, or its address."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable

from article_convert.contract import BROWSER_PICTURES
from article_convert.model import Image, Resource
from article_convert.report import Report, shown
from article_convert.writers.markup.addresses import safe_address

__all__ = ["pictures"]

_SHOWN = frozenset(BROWSER_PICTURES)


def pictures(resources: Iterable[Resource], remote: bool, report: Report) -> Callable[[Image], str]:
    """The `src` of any picture: its bytes as a `data:` address; its own address if they are not at hand
    and `remote` allows that; else `""`.

    The fate of every picture is recorded once. Reports `image.unsupported` for types that browsers
    do not show.
    """
    at_hand = {resource.url: resource for resource in resources}
    made: dict[str, str] = {}

    def picture(image: Image) -> str:
        if image.url not in made:
            made[image.url] = _source(image, at_hand.get(image.url), remote, report)
        return made[image.url]

    return picture


def _source(image: Image, resource: Resource | None, remote: bool, report: Report) -> str:
    if resource is not None and resource.address:
        return resource.address
    if resource is not None and resource.media_type in _SHOWN:
        report.asset(image.url, "embedded")
        return f"data:{resource.media_type};base64,{b64encode(_bytes_of(resource)).decode()}"
    if resource is not None:
        problem = f"browsers show no {resource.media_type}"
        report.add("image.unsupported", f"picture {shown(image.url)!r}: {problem}", image.span)
        report.asset(image.url, "dropped", resource.media_type)
        return ""
    address = safe_address(image.url) if remote else ""
    report.asset(image.url, "linked" if address else "failed", "" if address else "not at hand")
    return address


def _bytes_of(resource: Resource) -> bytes:
    location = resource.location
    return location if isinstance(location, bytes) else location.read_bytes()
