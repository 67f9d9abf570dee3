#!/usr/bin/env bash
# Writes pkcs12kdf.tsv: the key derivation of RFC 7292 appendix B.2, by OpenSSL 3.
# hash, purpose (1 key, 2 vector, 3 check value), rounds, password in UTF-16BE, salt, derived bytes; all in hex, "-" is empty.
# The first four are the vectors that PKCS #12 libraries have shared since the 1990s ("smeg" and "queeg").
set -euo pipefail
cd "$(dirname "$0")"
line() {
  local hash=$1 id=$2 rounds=$3 password=$4 salt=$5 bytes=$6 out
  out=$(openssl kdf -keylen "$bytes" -kdfopt "digest:$hash" -kdfopt "hexpass:${password/-/}" -kdfopt "hexsalt:$salt" \
    -kdfopt "id:$id" -kdfopt "iter:$rounds" PKCS12KDF | tr -d ':\n' | tr A-F a-f)
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$hash" "$id" "$rounds" "$password" "$salt" "$out"
}
smeg=0073006d006500670000 queeg=007100750065006500670000
{
  line sha1 1 1 $smeg 0a58cf64530d823f 24
  line sha1 2 1 $smeg 0a58cf64530d823f 8
  line sha1 1 1000 $queeg 05dec959acff72f7 24
  line sha1 3 1000 $queeg 263216fcc2fab31c 20
  long=$(printf '00e4%.0s' {1..70})0000
  for hash in sha1 sha256 sha384 sha512; do
    for id in 1 2 3; do
      line $hash $id 2 $smeg 0001020304050607 5
      # More than one block of salt and of password, and more than one output.
      line $hash $id 3 "$long" "$(printf 'ff%.0s' {1..150})" 200
      line $hash $id 17 $queeg ff 65
    done
  done
} >pkcs12kdf.tsv
