# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority for one run, with a certificate for the proxy and one for its client."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Certificates:
    """Files below a directory: ca.pem, server.pem and .key, client.pem and .key."""

    directory: Path

    def server_context(self) -> ssl.SSLContext:
        """TLS for a server that asks for a client certificate of the same authority, and rejects any other.

        The server itself must reject clients without one: nginx does so with an answer that says so, not with an alert.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.directory / "server.pem", self.directory / "server.key")
        context.load_verify_locations(self.directory / "ca.pem")
        context.verify_mode = ssl.CERT_OPTIONAL
        return context


def make_certificates(directory: Path) -> Certificates:
    """Create everything again, valid for a day."""
    directory.mkdir(mode=0o700)
    authority = ec.generate_private_key(ec.SECP256R1())
    _write(directory, "ca", authority, _certificate("airfield test authority", authority, None))
    for name, title in (("server", "localhost"), ("client", "robot")):
        key = ec.generate_private_key(ec.SECP256R1())
        _write(directory, name, key, _certificate(title, key, authority))
    (directory / "ca.key").unlink()  # it will not sign anything else
    return Certificates(directory)


def _certificate(title: str, key: Key, authority: Key | None) -> x509.Certificate:
    """The certificate of a key; without an authority, it is itself one."""
    now = datetime.now(timezone.utc)
    public = (authority or key).public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(title))
        .issuer_name(_name("airfield test authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    if authority is None:
        signs = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(signs, critical=True)
    else:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(authority or key, hashes.SHA256())


def _name(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])


def _write(directory: Path, name: str, key: Key, certificate: x509.Certificate) -> None:
    (directory / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    file = directory / f"{name}.key"
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
