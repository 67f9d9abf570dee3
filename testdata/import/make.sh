#!/bin/sh
# Writes the PKCS#7 and PKCS#12 files of this folder from ../machines/pem-with-key, with OpenSSL 3. Salts are random, so the
# .pfx files differ from run to run. The password is `kennwort`; the key protects nothing.
set -eu
cd "$(dirname "$0")"
machine=../machines/pem-with-key
all=$(mktemp)
trap 'rm -f "$all"' EXIT
cat $machine/MY/client.pem $machine/CA/chain.crt $machine/ROOT/roots.pem | sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' > "$all"

openssl crl2pkcs7 -in $machine/crl/all.pem -certfile "$all" -outform DER -out pem-with-key.p7b
openssl crl2pkcs7 -in $machine/crl/all.pem -certfile "$all" -outform PEM -out pem-with-key.pem.p7b

write() {
    out=$1
    shift
    openssl pkcs12 -export -in "$all" -inkey $machine/MY/client.pem -name client -out "$out" "$@"
}
write pem-with-key.pfx -passout pass:kennwort
# What Windows writes as "TripleDES-SHA1", and what older Windows wrote
write pem-with-key-3des.pfx -passout pass:kennwort -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
write pem-with-key-rc2.pfx -passout pass:kennwort -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1
write pem-with-key-no-password.pfx -passout pass: -keypbe NONE -certpbe NONE
# The other ciphers of RFC 7292 that are read, and two that are not
write pem-with-key-2des.pfx -passout pass:kennwort -legacy -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-2DES -macalg sha1
write pem-with-key-rc2-128.pfx -passout pass:kennwort -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-128 -macalg sha1
write unread-rc4.pfx -passout pass:kennwort -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC4-128 -macalg sha1
write unread-camellia.pfx -passout pass:kennwort -certpbe camellia-256-cbc
# As Windows writes it where the key is in a key storage provider
write pem-with-key-ksp.pfx -passout pass:kennwort -CSP "Microsoft Software Key Storage Provider"
# Each of its two derivations is below the bound for a file, both together are over it
write costly.pfx -passout pass:kennwort -iter 900000 -keypbe NONE
# The smallest: one certificate of a CA that is not in it, with its key. The documentation reads it, also in the published package.
key=$(mktemp)
ca=$(mktemp)
trap 'rm -f "$all" "$key" "$ca"' EXIT
make() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 "$@" 2>/dev/null; }
make -keyout "$ca" -out "$all" -subj "/CN=Contoso Issuing CA"
cat "$all" >> "$ca"
make -keyout "$key" -out "$all" -subj /CN=PC13 -CA "$ca" -CAkey "$ca" -addext basicConstraints=CA:FALSE
openssl pkcs12 -export -in "$all" -inkey "$key" -out one-p256.pfx -passout pass:kennwort
