"""Mail servers as offices have them: TLS from the start, STARTTLS, a name and a password."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ntmtasks.core.smtp import LineBroken, connected
from tests.support import databases
from tests.support.mailserver import free_port

SENDER = "Văn phòng <office@example.invalid>"
MAIL = b"Subject: x\r\n\r\ny\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    if shutil.which("openssl") is None:
        databases.unavailable("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", file, "-out", file.with_suffix(".cert"), "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    file.write_text(file.read_text() + file.with_suffix(".cert").read_text())
    return file


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


class Server:
    """Takes everything from whoever knows the password."""

    def __init__(self, certificate: Path, scheme: str) -> None:
        self.scheme, self.arrived, self._port = scheme, 0, free_port()
        tls_first = scheme == "smtps"  # aiosmtpd does not see such a TLS when it asks for one
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        asked = {"tls_context": tls, "require_starttls": True}
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self._port,
            authenticator=self._knows,
            auth_required=True,
            auth_require_tls=not tls_first,
            **({"ssl_context": tls} if tls_first else asked),
        )

    def _knows(
        self, _server: SMTP, _session: Session, _e: Envelope, _how: str, who: object
    ) -> AuthResult:
        assert isinstance(who, LoginPassword)
        knows = who == LoginPassword(b"ntm@vp", b"mat:khau")
        return AuthResult(success=knows, handled=False)

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.arrived += 1
        return "250 OK"

    def url(self, password: str = "mat%3Akhau") -> str:
        return f"{self.scheme}://ntm%40vp:{password}@127.0.0.1:{self._port}"

    def __enter__(self) -> "Server":
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()


@pytest.fixture(params=["smtps", "smtp+starttls"])
def server(request: pytest.FixtureRequest, certificate: Path) -> Iterator[Server]:
    with Server(certificate, request.param) as running:
        yield running


@pytest.mark.usefixtures("trusted")
def test_a_mail_goes_over_a_secured_line_with_a_name_and_a_password(server: Server) -> None:
    with connected(server.url(), SENDER) as line:
        assert line.announce("an@example.invalid").is_yes
        assert line.hand_over(MAIL).is_yes
    assert server.arrived == 1


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_breaks_the_line_with_the_servers_words(server: Server) -> None:
    with pytest.raises(LineBroken, match="535"), ExitStack() as stack:
        stack.enter_context(connected(server.url("sai"), SENDER))


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    with pytest.raises(LineBroken, match="CERTIFICATE_VERIFY_FAILED"), ExitStack() as stack:
        stack.enter_context(connected(server.url(), SENDER))
    assert server.arrived == 0
