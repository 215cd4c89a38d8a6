"""The number of a project in an address: P-0042 ↔ 42."""


class CodeConverter:
    """Reads `P-0042`; one spelling per project, so that an address is never ambiguous."""

    regex = r"P-(?:[0-9]{4}|[1-9][0-9]{4,17})"

    def to_python(self, value: str) -> int:
        return int(value[2:])

    def to_url(self, value: int) -> str:
        return f"P-{int(value):04d}"
