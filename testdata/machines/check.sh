#!/usr/bin/env bash
# Lets `openssl verify` judge each certificate that README.md names, at the pinned now, with base and delta CRLs, and
# compares the kind of answer. Purpose, key provider, issuers list and ranking are Configuration Manager's rules, which
# OpenSSL does not know: for those rows it must say OK. Usage: testdata/machines/check.sh
set -uo pipefail
cd "$(dirname "$0")"
at=$(date -u -d 2026-01-15T09:00:00Z +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%SZ 2026-01-15T09:00:00Z +%s)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0 n=0

# pem FOLDER: every certificate or CRL of a folder as PEM
pem() {
  local f
  for f in "$1"/*; do
    case $f in
      *.pem | *.crt) cat "$f" ;;
      *.cer) openssl x509 -inform DER -in "$f" ;;
      *.crl) openssl crl -inform DER -in "$f" ;;
    esac
  done 2>/dev/null
}

while IFS='|' read -r machine file code; do
  roots=$tmp/$machine.roots cas=$tmp/$machine.cas crls=$tmp/$machine.crls
  [ -e "$roots" ] || { pem "$machine/ROOT" >"$roots"; pem "$machine/CA" >"$cas"; pem "$machine/crl" >"$crls"; }
  case $code in
    store.unreadable) continue ;;
    validity.expired) want='error 10 ' ;;
    validity.not_yet_valid) want='error 9 ' ;;
    validity.revoked | validity.on_hold) want='error 23 ' ;;
    validity.revocation_unknown) want='error 3 ' ;;
    issuers.incomplete_chain) want='error 20 ' ;;
    *) want=OK ;;
  esac
  case $machine/$file in
    # Ours stop at the issuers list; OpenSSL has none, and sees what is next.
    */21-self-signed.cer) want='error 18 ' ;;
    */20-wrong-root.cer | */24-intune-mdm-device.cer | */02-same-name-other-key.cer) want='error 3 ' ;; # no CRL of theirs
    issuers-no-match/MY/02-expired.cer) want='error 10 ' ;;
  esac
  leaf=$tmp/leaf.pem
  openssl x509 -in "$machine/$file" -out "$leaf" 2>/dev/null || openssl x509 -inform DER -in "$machine/$file" -out "$leaf"
  crl=()
  [ -s "$crls" ] && crl=(-CRLfile "$crls")
  got=$(openssl verify -auth_level 0 -attime "$at" -no-CApath -no-CAstore -CAfile "$roots" -untrusted "$cas" "${crl[@]}" \
    -crl_check_all -extended_crl -use_deltas "$leaf" 2>&1)
  n=$((n + 1))
  if [ "$want" = OK ]; then grep -q ': OK$' <<<"$got" && ! grep -q '^error ' <<<"$got"; else grep -q "^$want" <<<"$got"; fi ||
    { bad=$((bad + 1)); echo "$machine/$file: expected $want, openssl says:"; sed 's/^/  /' <<<"$got"; }
done < <(awk -F'|' '/^## /{m=substr($0,4)} /^\| [A-Za-z]+\//{f=$2; c=$4; gsub(/^ +| +$/,"",f); gsub(/^ +| +$/,"",c); print m "|" f "|" c}' README.md)

echo "$n certificates judged by $(openssl version | cut -d' ' -f1,2), $bad not as expected"
[ "$bad" -eq 0 ]
