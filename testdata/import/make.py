#!/usr/bin/env python3
"""Writes the registry exports and serialized stores in this folder, from ../machines/contoso-pc1.

An independent writer: nothing of it comes from the crate. Layout by section 12 of the specification (rules W-1 to W-4;
MS-OSHARED 2.3.2.5 and 2.3.9.1, wincrypt.h). Standard library only; the output depends on the input alone.

    contoso-pc1.reg             UTF-16LE with BOM, CR LF, 80 columns, as `reg export` writes it
    contoso-pc1-{MY,ROOT,CA}.sst one serialized store each
"""

import hashlib
import pathlib
import struct
import tomllib

HERE = pathlib.Path(__file__).parent
MACHINE = HERE.parent / "machines" / "contoso-pc1"

# Property ids of wincrypt.h
KEY_PROV_INFO, SHA1, EKU, FRIENDLY_NAME, ARCHIVED, KEY_IDENTIFIER = 2, 3, 9, 11, 19, 20
CERTIFICATE, CRL = 32, 33


def entry(ident, value):
    # u32 id | u32 encoding, 1 = X509_ASN_ENCODING | u32 length | value          all little-endian (W-1)
    return struct.pack("<III", ident, 1, len(value)) + value


def utf16(text):
    return (text + "\0").encode("utf-16-le")


def key_prov_info(container, provider, provider_type, flags, key_spec):
    # The 32-bit CRYPT_KEY_PROV_INFO (W-4): offsets count from the beginning of the value, the strings follow at 28.
    #  0 offset of the container's name | 4 offset of the provider's name | 8 provider type | 12 flags
    # 16 number of parameters | 20 offset of the parameters | 24 key spec
    first, second = utf16(container), utf16(provider)
    head = struct.pack("<IIIIIII", 28, 28 + len(first), provider_type, flags, 0, 0, key_spec)
    return head + first + second


def oid(dotted):
    arcs = [int(arc) for arc in dotted.split(".")]
    body = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.insert(0, arc & 0x7F | 0x80)
        body += bytes(digits)
    return bytes([6, len(body)]) + body


def properties(name, der, sidecar):
    out = b""
    key = sidecar.get("private_key", "absent")
    container = "{" + hashlib.md5(name.encode()).hexdigest() + "}"
    machine_key = 0x20
    if key in ("csp", "inaccessible"):  # that SYSTEM may not read a key is not in the store
        rsa_schannel, at_keyexchange = 12, 1
        provider = "Microsoft RSA SChannel Cryptographic Provider"
        value = key_prov_info(container, provider, rsa_schannel, machine_key, at_keyexchange)
        out += entry(KEY_PROV_INFO, value)
    elif key == "ksp":
        provider = "Microsoft Software Key Storage Provider"
        out += entry(KEY_PROV_INFO, key_prov_info(container, provider, 0, machine_key, 0))
    out += entry(SHA1, hashlib.sha1(der).digest())
    if "eku" in sidecar:
        body = b"".join(oid(one) for one in sidecar["eku"])
        out += entry(EKU, bytes([0x30, len(body)]) + body)
    if "friendly_name" in sidecar:
        out += entry(FRIENDLY_NAME, utf16(sidecar["friendly_name"]))
    if sidecar.get("archived"):
        out += entry(ARCHIVED, b"")
    out += entry(KEY_IDENTIFIER, hashlib.sha1(b"key of " + der).digest())
    return out


def load(store):
    found = []
    for path in sorted((MACHINE / store).glob("*.cer")):
        sidecar = path.with_name(path.name + ".toml")
        found.append((path.name, path.read_bytes(), tomllib.loads(sidecar.read_text()) if sidecar.exists() else {}))
    return found


def sst(certificates, crls=()):
    # u32 version 0 | u32 0x54524543, the bytes `CERT` | entries | end entry of twelve zero bytes (W-1)
    body = b"".join(properties(*one) + entry(CERTIFICATE, one[1]) for one in certificates)
    body += b"".join(entry(SHA1, hashlib.sha1(crl).digest()) + entry(CRL, crl) for crl in crls)
    return struct.pack("<II", 0, 0x54524543) + body + bytes(12)


def blob(value):
    # `"Blob"=hex:` and two digits a byte; lines of at most 80 columns end in a backslash, the next begins with two blanks
    tokens = [f"{byte:02x}" for byte in value]
    lines, line = [], '"Blob"=hex:'
    for index, token in enumerate(tokens):
        last = index + 1 == len(tokens)
        if len(line) + len(token) + (0 if last else 2) > 79:
            lines.append(line + "\\")
            line = "  "
        line += token + ("" if last else ",")
    return lines + [line, ""]


def key(branch, store, kind, der, value):
    thumbprint = hashlib.sha1(der).hexdigest().upper()
    return [rf"[HKEY_LOCAL_MACHINE\SOFTWARE\{branch}\{store}\{kind}\{thumbprint}]"] + blob(value)


def reg():
    local = r"Microsoft\SystemCertificates"
    enterprise = r"Microsoft\EnterpriseCertificates"
    policies = r"Policies\Microsoft\SystemCertificates"
    lines = ["Windows Registry Editor Version 5.00", ""]

    def empty(branch, store):
        lines.extend([rf"[HKEY_LOCAL_MACHINE\SOFTWARE\{branch}\{store}]", ""])
        for kind in ("Certificates", "CRLs", "CTLs"):
            lines.extend([rf"[HKEY_LOCAL_MACHINE\SOFTWARE\{branch}\{store}\{kind}]", ""])

    def certificates(branch, store, found):
        empty(branch, store)
        for name, der, sidecar in sorted(found, key=lambda one: hashlib.sha1(one[1]).hexdigest()):
            lines.extend(key(branch, store, "Certificates", der, properties(name, der, sidecar) + entry(CERTIFICATE, der)))

    roots = load("ROOT")
    issuers = load("CA")
    lines.extend([rf"[HKEY_LOCAL_MACHINE\SOFTWARE\{local}]", ""])
    # The third-party roots, and the values that Windows Update leaves beside them
    certificates(local, "AuthRoot", [one for one in roots if "intune" in one[0]])
    lines.extend([rf"[HKEY_LOCAL_MACHINE\SOFTWARE\{local}\AuthRoot\AutoUpdate]"])
    lines.extend(['"DisallowedCertSyncDeltaTime"=hex:00,80,37,09,9b,03,00,00', '"SyncFromDirUrl"="\\\\\\\\server\\\\share"'])
    lines.extend(['"Flags"=dword:00000001', '"EncodedCtl"=' + blob(bytes(range(60)))[0].split("=")[1]])
    lines.extend(["  19,1a,1b,1c,1d,1e", ""])
    certificates(local, "CA", [one for one in issuers if "contoso" in one[0]])
    for path in sorted((MACHINE / "crl").glob("*.crl")):
        der = path.read_bytes()
        lines.extend(key(local, "CA", "CRLs", der, entry(SHA1, hashlib.sha1(der).digest()) + entry(CRL, der)))
    empty(local, "Disallowed")
    certificates(local, "MY", load("MY"))
    certificates(local, "ROOT", [one for one in roots if "fabrikam" in one[0]])
    # Published in Active Directory, and again by Group Policy: the union has it once
    certificates(enterprise, "Root", [one for one in roots if "contoso" in one[0]])
    certificates(policies, "Root", [one for one in roots if "contoso" in one[0]])
    certificates(policies, "CA", [one for one in issuers if "contoso" not in one[0]])
    return "\r\n".join(lines) + "\r\n"


(HERE / "contoso-pc1.reg").write_bytes(b"\xff\xfe" + reg().encode("utf-16-le"))
for store in ("MY", "ROOT", "CA"):
    crls = [path.read_bytes() for path in sorted((MACHINE / "crl").glob("*.crl"))] if store == "CA" else []
    (HERE / f"contoso-pc1-{store}.sst").write_bytes(sst(load(store), crls))
