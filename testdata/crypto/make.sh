#!/usr/bin/env bash
# Makes the signature vectors of this folder with the OpenSSL command line (3.0 or later), so that our verifiers are
# judged by a tool that shares no code with them.
#
#   usage: ./make.sh            writes vectors.tsv beside this script
#
# Each line: name, SubjectPublicKeyInfo, AlgorithmIdentifier, message, signature; the last four in base64.
# The AlgorithmIdentifiers are those of certificates that OpenSSL signed with the same options.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/vectors.tsv

key() { # name, genpkey options...
  local name=$1
  shift
  openssl genpkey "$@" -out "$work/$name.key" 2>/dev/null
}

# A self-signed certificate gives all four parts: key, algorithm, signed bytes and signature.
vector() { # name, key, req options...
  local name=$1 key=$2
  shift 2
  openssl req -x509 -new -key "$work/$key.key" -subj "/CN=$name" -days 1 "$@" -outform DER -out "$work/cert.der"
  python3 - "$name" "$work/cert.der" >>"$out" <<'PY'
import base64, sys

def element(data, at):
    length, header = data[at + 1], 2
    if length & 0x80:
        count = length & 0x7F
        length, header = int.from_bytes(data[at + 2 : at + 2 + count], "big"), 2 + count
    return at + header, at + header + length

name, data = sys.argv[1], open(sys.argv[2], "rb").read()
tbs, _ = element(data, 0)
inside, tbs_end = element(data, tbs)
_, algorithm_end = element(data, tbs_end)
signature, end = element(data, algorithm_end)
at = inside
for _ in range(6):  # version, serial, signature, issuer, validity, subject
    _, at = element(data, at)
_, key_end = element(data, at)
parts = data[at:key_end], data[tbs_end:algorithm_end], data[tbs:tbs_end], data[signature + 1 : end]
print("\t".join([name, *(base64.b64encode(part).decode() for part in parts)]))
PY
}

for bits in 512 1024 1536 2047 2048 2049 3072 4096 8192; do
  key "rsa$bits" -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits"
  for hash in sha1 sha256 sha384 sha512; do
    if [ "$bits" -gt 512 ] || [ $hash = sha1 ] || [ $hash = sha256 ]; then
      vector "rsa$bits-pkcs1-$hash" "rsa$bits" -$hash
    fi
    case $bits-$hash in 512-*|1024-sha512) continue ;; esac
    vector "rsa$bits-pss-$hash" "rsa$bits" -$hash -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest \
      -sigopt rsa_mgf1_md:$hash
  done
done
vector rsa2048-pss-sha256-salt20 rsa2048 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20 -sigopt rsa_mgf1_md:sha256
vector rsa2048-pss-sha256-salt0 rsa2048 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0 -sigopt rsa_mgf1_md:sha256
key rsa2048e3 -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3
vector rsa2048e3-pkcs1-sha256 rsa2048e3 -sha256
key rsapss2048 -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
vector rsapss2048-pss-sha256 rsapss2048 -sha256 -sigopt rsa_pss_saltlen:digest
key rsapss2048sha256 -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
  -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32
vector rsapss2048sha256-pss-sha256 rsapss2048sha256 -sha256

for curve in P-256 P-384 P-521; do
  key "ec$curve" -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -pkeyopt ec_param_enc:named_curve
  for hash in sha256 sha384 sha512; do
    vector "ecdsa-$curve-$hash" "ec$curve" -$hash
  done
done
key ed25519 -algorithm ED25519
vector ed25519 ed25519

mv "$out" vectors.tsv
