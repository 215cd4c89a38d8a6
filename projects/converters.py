import re

"""The number of a project in an address: P-0042 ↔ 42."""


_CODE = re.compile(r"(?:p-?)?0*([0-9]{1,18})", re.IGNORECASE)


class CodeConverter:
    """Reads `P-0042`; one spelling per project, so that an address is never ambiguous."""

    regex = r"P-(?:[0-9]{4}|[1-9][0-9]{4,17})"

    def to_python(self, value: str) -> int:
        return int(value[2:])

    def to_url(self, value: int) -> str:
        return f"P-{int(value):04d}"


def numbered(text: str) -> int | None:
    """The number of a project as people say it: P-0042, p42, 42. None for anything else."""
    number = _CODE.fullmatch(text.strip())
    return int(number[1]) if number else None
