"""Where templates, static files and migrations are: inside an installed wheel, else beside the package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_INSIDE = PACKAGE / "_inside"
CHECKOUT = PACKAGE.parent


def is_installed_wheel() -> bool:
    """True when the package came from a wheel, which carries its resources inside itself."""
    return _INSIDE.is_dir()


def resource(name: str) -> Path:
    """The folder of a resource: "templates", "static" or "migrations"."""
    return (_INSIDE if is_installed_wheel() else CHECKOUT) / name


DATA = PACKAGE / "data"
