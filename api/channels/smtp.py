"""E-mail by the operator's own mail server."""

import smtplib
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from typing import Final, NamedTuple

from api.channels.outgoing import Message, Undelivered

TIMEOUT_SECONDS: Final = 10
_PERMANENT: Final = 500


class MailServer(NamedTuple):
    """Where e-mail is handed over.

    Attributes:
        host: Name or address of the server.
        port: TCP port.
        sender: Address in `From`.
        user: User to log in as, or None.
        password: The user's password, or None.
    """

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None


class Smtp:
    """Sends e-mail, over TLS whenever the server offers it, and logs in only then."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext | None = None) -> None:
        """Make the channel.

        Args:
            server: Where e-mail is handed over.
            tls: What to trust; the system's authorities by default.
        """
        self._server = server
        self._tls = tls or ssl.create_default_context()

    def send(self, message: Message) -> None:
        """Send one e-mail.

        Raises:
            Undelivered: If there is no address, or the server didn't accept it;
                final where it says so.
        """
        if not message.to:
            raise Undelivered("the member has no e-mail address", final=True)
        try:
            mail = self._mail(message)
        except (ValueError, MessageError) as error:
            raise Undelivered("the address or the subject can't stand in an e-mail", final=True) from error
        try:
            with smtplib.SMTP(self._server.host, self._server.port, timeout=TIMEOUT_SECONDS) as session:
                self._secure(session)
                session.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Undelivered(
                f"the mail server refused the address: {codes}", final=min(codes) >= _PERMANENT
            ) from error
        except smtplib.SMTPResponseException as error:
            final = error.smtp_code >= _PERMANENT and not isinstance(error, smtplib.SMTPAuthenticationError)
            raise Undelivered(f"the mail server answered {error.smtp_code}", final=final) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"the mail server can't be used: {type(error).__name__}") from error

    def _secure(self, session: smtplib.SMTP) -> None:
        session.ehlo()
        offered = session.has_extn("starttls")
        if offered:
            session.starttls(context=self._tls)
            session.ehlo()
        if self._server.user is None:
            return
        if not offered:
            raise Undelivered("the mail server offers no TLS, and the password isn't sent in the clear")
        session.login(self._server.user, self._server.password or "")

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = message.to
        mail["Subject"] = message.subject
        domain = self._server.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<{message.id}@{domain}>"
        if message.unsubscribe:  # RFC 8058: mail programs show a button that posts to it
            mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail
