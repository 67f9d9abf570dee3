#!/bin/sh
# Writes the keys and signatures of this folder with OpenSSL 3; they are new in each run, and no private key is kept.
set -eu
cd "$(dirname "$0")"
key=$(mktemp)
trap 'rm -f "$key"' EXIT
printf 'the certificate of a management point\n' > message.bin

# The trusted root key: a CryptoAPI PUBLICKEYBLOB in hexadecimal (K-1)
openssl genrsa -out "$key" 2048
openssl rsa -in "$key" -pubout -outform "MS PUBLICKEYBLOB" 2>/dev/null | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F > root-key.hex
openssl dgst -sha1 -sign "$key" -out message.root-key.sha1 message.bin
openssl dgst -sha256 -sign "$key" -out message.root-key.sha256 message.bin
printf '[IDENTIFICATION]\r\nCertificateIssuers=CN=Contoso Root CA\r\nSMSPublicRootKey=%s\r\n' "$(cat root-key.hex)" > mobileclient.tcf

# The site server signing certificate (K-3)
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$key" -subj '/CN=Site Server' -days 36500 -outform DER -out site-server.cer
openssl dgst -sha256 -sign "$key" -out message.site-server.sha256 message.bin
