#!/usr/bin/env bash
# Makes every machine of this folder with the OpenSSL 3 command line: an independent tool, so that our own code is not
# judged by itself. Names, serials, dates and extensions are fixed; keys are new in each run and thrown away (but for the
# one PEM file that is meant to hold its key), so thumbprints change and the README's verdicts do not.
# Needs openssl 3.0 or later and nothing else. Usage: testdata/machines/make.sh; check with testdata/machines/check.sh
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

NOW='2026-01-15T09:00:00Z' # pinned in each machine.toml

# ---- small tools -----------------------------------------------------------------------------------------------------

# key NAME TYPE: rsa4096, rsa2048, rsa1024, p256, p384
key() {
  local out=$work/$1.key
  case $2 in
    rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$out" 2>/dev/null ||
          openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$out" 2>/dev/null ;;
    p*)   openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:P-${2#p}" -pkeyopt ec_param_enc:named_curve -out "$out" ;;
  esac
}

export STRING_MASK=utf8only
# One OpenSSL configuration for all: the policy takes any name, and the sections that extensions refer to.
cat >"$work/base.cnf" <<'CNF'
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = $ENV::STRING_MASK
[dn]
[ca]
default_ca = this
[this]
dir = $ENV::CA_DIR
database = $ENV::CA_DIR/index.txt
new_certs_dir = $ENV::CA_DIR/new
serial = $ENV::CA_DIR/serial
crlnumber = $ENV::CA_DIR/crlnumber
certificate = $ENV::CA_CERT
private_key = $ENV::CA_KEY
default_md = sha256
policy = anything
unique_subject = no
email_in_dn = yes
[anything]
CNF

# AD CS writes an LDAP and an HTTP address, and the delta's address with `+` into the base CRL.
# points SECTION FILE_STEM CN_ESCAPED HOST
points() {
  local ldap="CN=$3,CN=$4,CN=CDP,CN=Public%20Key%20Services,CN=Services,CN=Configuration,DC=contoso,DC=com"
  cat <<CNF
[cdp_$1]
fullname = @cdp_uris_$1
[cdp_uris_$1]
URI.1 = ldap:///$ldap?certificateRevocationList?base?objectClass=cRLDistributionPoint
URI.2 = http://pki.contoso.com/CertEnroll/$2.crl
[fresh_$1]
fullname = @fresh_uris_$1
[fresh_uris_$1]
URI.1 = ldap:///$ldap?deltaRevocationList?base?objectClass=cRLDistributionPoint
URI.2 = http://pki.contoso.com/CertEnroll/$2+.crl
[aia_$1]
caIssuers;URI.1 = ldap:///CN=$3,CN=AIA,CN=Public%20Key%20Services,CN=Services,CN=Configuration,DC=contoso,DC=com?cACertificate?base?objectClass=certificationAuthority
caIssuers;URI.2 = http://pki.contoso.com/CertEnroll/$4.contoso.com_$2.crt
CNF
}
{
  points root 'Contoso%20Root%20CA' 'Contoso%20Root%20CA' ROOTCA
  points issuing 'Contoso%20Issuing%20CA%201' 'Contoso%20Issuing%20CA%201' PKI1
  points ecc_root 'Contoso%20ECC%20Root%20CA' 'Contoso%20ECC%20Root%20CA' ROOTCA2
  points ecc_issuing 'Contoso%20ECC%20Issuing%20CA%201' 'Contoso%20ECC%20Issuing%20CA%201' PKI2
  points renewed0 'Contoso%20Issuing%20CA%203' 'Contoso%20Issuing%20CA%203' PKI3
  points renewed1 'Contoso%20Issuing%20CA%203(1)' 'Contoso%20Issuing%20CA%203(1)' PKI3
  cat <<'CNF'
[template_workstation]
template = OID:1.3.6.1.4.1.311.21.8.4892731.10582911.2376118.6021337.9948201.72.1172893.6628104
major = INTEGER:100
minor = INTEGER:4
[template_web]
template = OID:1.3.6.1.4.1.311.21.8.4892731.10582911.2376118.6021337.9948201.72.4410207.1190385
major = INTEGER:100
minor = INTEGER:12
[apps_client]
one = SEQUENCE:app_client
[app_client]
oid = OID:1.3.6.1.5.5.7.3.2
[apps_server]
one = SEQUENCE:app_server
[app_server]
oid = OID:1.3.6.1.5.5.7.3.1
CNF
} >>"$work/base.cnf"

# ca NAME: gives that name its own book-keeping, so that `openssl ca` can sign with it.
ca_dir() {
  export CA_DIR=$work/ca-$1 CA_CERT=$work/$1.pem CA_KEY=$work/$1.key
  mkdir -p "$CA_DIR/new"
  [ -e "$CA_DIR/index.txt" ] || : >"$CA_DIR/index.txt"
}

# cert NAME CA SERIAL_HEX NOT_BEFORE NOT_AFTER SUBJECT EXTENSIONS [MD]: signs the key NAME; CA = self for a self-signed one.
# SUBJECT is in encoded order; `-` is an empty one. STRING_MASK=MASK:0x800 asks for BMPString.
cert() {
  local name=$1 ca=$2 subject=$6
  [ "$subject" = - ] && subject=/
  if [ "$ca" = self ]; then ca_dir "$name"; else ca_dir "$ca"; fi
  openssl req -new -config "$work/base.cnf" -key "$work/$name.key" -subj "$subject" -utf8 -out "$work/$name.csr"
  printf '%s\n' "$3" >"$CA_DIR/serial"
  # Each certificate is signed in a book of its own: the CRLs below are written from lists of their own.
  : >"$CA_DIR/index.txt"
  { cat "$work/base.cnf"; printf '[ext]\n%s\n' "$7"; } >"$work/$name.cnf"
  local self=()
  [ "$ca" = self ] && self=(-selfsign)
  openssl ca -batch -notext -preserveDN -config "$work/$name.cnf" -extensions ext -md "${8:-sha256}" "${self[@]}" \
    -startdate "$4" -enddate "$5" -in "$work/$name.csr" -out "$work/$name.pem" 2>"$work/log" || { cat "$work/log"; exit 1; }
}

# crl NAME CA NUMBER_HEX THIS_UPDATE NEXT_UPDATE EXTENSIONS [SERIAL REASON REVOKED_AT]...
crl() {
  local name=$1
  ca_dir "$2"
  { cat "$work/base.cnf"; printf '[crlext]\nauthorityKeyIdentifier = keyid\n%s\n' "$6"; } >"$work/$name.cnf"
  printf '%s\n' "$3" >"$CA_DIR/crlnumber"
  : >"$CA_DIR/index.txt"
  local from=$4 to=$5
  shift 6
  while [ $# -ge 3 ]; do
    printf 'R\t301231235959Z\t%s,%s\t%s\tunknown\t/CN=%s\n' "$3" "$2" "$1" "$1" >>"$CA_DIR/index.txt"
    shift 3
  done
  openssl ca -gencrl -config "$work/$name.cnf" -crlexts crlext -crl_lastupdate "$from" -crl_nextupdate "$to" \
    -out "$work/$name.crl.pem" 2>"$work/log" || { cat "$work/log"; exit 1; }
}

put() { mkdir -p "$(dirname "$here/$2")"; openssl x509 -in "$work/$1.pem" -outform DER -out "$here/$2"; }
put_crl() { mkdir -p "$(dirname "$here/$2")"; openssl crl -in "$work/$1.crl.pem" -outform DER -out "$here/$2"; }
# side FILE LINE...: the sidecar of that file
side() { local f=$here/$1.toml; shift; printf '%s\n' "$@" >"$f"; }
# machine FOLDER: a fresh folder; machine.toml comes from stdin
machine() { rm -rf "${here:?}/$1"; mkdir -p "$here/$1/MY"; cat >"$here/$1/machine.toml"; }

# ---- what AD CS puts into certificates ----------------------------------------------------------------------------------

ca_root='basicConstraints = critical,CA:TRUE
keyUsage = digitalSignature,keyCertSign,cRLSign
subjectKeyIdentifier = hash
1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:0'
# ca_issuing POINTS VERSION
ca_issuing() {
  cat <<CNF
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = digitalSignature,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:$2
1.3.6.1.4.1.311.20.2 = ASN1:BMPSTRING:SubCA
crlDistributionPoints = cdp_$1
authorityInfoAccess = @aia_$1
CNF
}
# leaf POINTS EKU TEMPLATE APPS SAN
leaf() {
  cat <<CNF
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = $2
1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:template_$3
1.3.6.1.4.1.311.21.10 = ASN1:SEQUENCE:apps_$4
subjectAltName = $5
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = cdp_$1
authorityInfoAccess = @aia_$1
CNF
}
workstation() { leaf "${1:-issuing}" clientAuth workstation client "${2:-DNS:pc1.contoso.com}"; }
next_publish() { printf '1.3.6.1.4.1.311.21.4 = ASN1:UTCTIME:%s\n' "$1"; }

PC1=/CN=pc1.contoso.com

# ---- the hierarchies --------------------------------------------------------------------------------------------------

key root rsa4096
cert root self 4C1D00F27B5E4E8A4B0E1A6D3F9C2B71 20160105080000Z 20360105081000Z '/C=US/O=Contoso, Ltd/CN=Contoso Root CA' "$ca_root"
key issuing rsa2048
cert issuing root 61000000023C9A51F7D2B8E4A6000000000002 20210301080000Z 20310301081000Z \
  '/DC=com/DC=contoso/CN=Contoso Issuing CA 1' "$(ca_issuing root 0)"

key ecc_root p384
cert ecc_root self 2F7A6B00D14C4B9B8D3E5A6C7B8F9012 20200210080000Z 20400210081000Z '/C=US/O=Contoso, Ltd/CN=Contoso ECC Root CA' "$ca_root" sha384
key ecc_issuing p256
cert ecc_issuing ecc_root 130000000254E1B7C08F6D2A3C000000000002 20220301080000Z 20320301081000Z \
  '/DC=com/DC=contoso/CN=Contoso ECC Issuing CA 1' "$(ca_issuing ecc_root 0)" sha384

# One CA name, two keys: AD CS keeps a CRL for each key and does not say so in an issuing distribution point (V-9).
key renewed0 rsa2048
cert renewed0 root 610000000531A4C6E9D8B7F2A1000000000005 20160301080000Z 20260301081000Z \
  '/DC=com/DC=contoso/CN=Contoso Issuing CA 3' "$(ca_issuing root 0)"
key renewed1 rsa2048
cert renewed1 root 61000000067F1E3D5C9B8A6F4E000000000006 20231001080000Z 20331001081000Z \
  '/DC=com/DC=contoso/CN=Contoso Issuing CA 3' "$(ca_issuing root 65537)
1.3.6.1.4.1.311.21.2 = ASN1:FORMAT:HEX,OCTETSTRING:$(openssl x509 -in "$work/renewed0.pem" -outform DER | openssl dgst -sha1 -r | cut -d' ' -f1)"

# Foreign roots that real PCs carry.
key fabrikam rsa2048
cert fabrikam self 5E00A1B2C3D4E5F60718293A4B5C6D7E 20180601080000Z 20380601080000Z '/C=DE/O=Fabrikam GmbH/CN=Fabrikam Device Root' "$ca_root"
key intune_root rsa2048
cert intune_root self 2B5C9E7A1F3D4E6B8A0C2D4E6F8A1B3C 20190101000000Z 20390101000000Z '/CN=Example Intune Root Certification Authority' "$ca_root"
key intune rsa2048
cert intune intune_root 3C6D8F1A2B4C5D7E 20210101000000Z 20310101000000Z '/CN=Example Intune MDM Device CA' \
  "$(printf 'basicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign,cRLSign\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid')"
key entra rsa2048
cert entra self 0A1B2C3D4E5F60718293A4B5C6D7E8F9 20200101000000Z 20400101000000Z \
  '/DC=net/DC=windows/CN=MS-Organization-Access/OU=82dbaca4-3e81-46ca-9c73-0950c1eaca97' "$ca_root"
key p2p rsa2048
cert p2p self 1A2B3C4D5E6F708192A3B4C5D6E7F809 20260101000000Z 20270101000000Z '/CN=MS-Organization-P2P-Access [2026]' "$ca_root"

# CRLs as AD CS publishes them at now: weekly base with a freshest CRL, daily delta, the root's twice a year.
ms="1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:0"
base="freshestCRL = fresh_issuing
$ms
$(next_publish 260119062000Z)"
crl root root 0C 20250901060000Z 20260302182000Z "$ms
$(next_publish 260301061000Z)"
crl issuing issuing 29 20260112061000Z 20260119183000Z "$base" \
  5A0000000501000000000005 superseded 251103101500Z \
  5A0000000601000000000006 certificateHold 260108142200Z \
  5A0000000801000000000008 certificateHold 260109081000Z
crl issuing_delta issuing 2C 20260115061000Z 20260116183000Z "2.5.29.27 = critical,ASN1:INTEGER:41
$ms
$(next_publish 260116062000Z)" \
  5A0000000701000000000007 keyCompromise 260114113000Z \
  5A0000000801000000000008 removeFromCRL 260114150000Z
crl ecc_root ecc_root 05 20250901060000Z 20260302182000Z "$ms"
crl ecc_issuing ecc_issuing 11 20260112061000Z 20260119183000Z "$ms"
crl renewed0 renewed0 4A 20260112061000Z 20260119183000Z "$ms" 5B0000000101000000000001 keyCompromise 251201090000Z
crl renewed1 renewed1 4A 20260112061000Z 20260119183000Z "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:65537"

# ---- contoso-pc1: what a PC carries after a few years -----------------------------------------------------------------

m=contoso-pc1
machine $m <<TOML
name = "PC1"
fqdn = "pc1.contoso.com"
now = "$NOW"
device = "windows"

[settings]
properties = 'CCMFIRSTCERT=1 CCMCERTISSUERS="CN=Contoso Root CA; O=Contoso, Ltd; C=US"'
TOML
# my FILE SERIAL FROM TO SUBJECT EXTENSIONS [SIDECAR LINE...]: one certificate of Contoso Issuing CA 1 in MY
my() {
  key "$m-$1" rsa2048
  cert "$m-$1" "${CA:-issuing}" "$2" "$3" "$4" "$5" "$6" "${MD:-sha256}"
  put "$m-$1" "$m/MY/$1.cer"
  local f=$m/MY/$1.cer
  shift 6
  [ $# -eq 0 ] || side "$f" "$@"
}
csp='private_key = "csp"'
my 01-workstation-current 5A0000000101000000000001 20250301090000Z 20260301090000Z $PC1 "$(workstation)" "$csp"
my 02-workstation-renewed 5A0000000201000000000002 20260110090000Z 20270110090000Z $PC1 "$(workstation)" "$csp" 'template_schema = 2'
my 03-workstation-expired 5A0000000301000000000003 20240305090000Z 20250305090000Z $PC1 "$(workstation)" "$csp"
my 04-workstation-archived 5A0000000401000000000004 20250302090000Z 20260302090000Z $PC1 "$(workstation)" "$csp" 'archived = true'
my 05-workstation-revoked 5A0000000501000000000005 20250310090000Z 20260310090000Z $PC1 "$(workstation)" "$csp"
my 06-workstation-on-hold 5A0000000601000000000006 20250311090000Z 20260311090000Z $PC1 "$(workstation)" "$csp"
my 07-workstation-revoked-in-delta 5A0000000701000000000007 20250312090000Z 20260312090000Z $PC1 "$(workstation)" "$csp"
my 08-workstation-hold-released 5A0000000801000000000008 20250801090000Z 20260128090000Z $PC1 "$(workstation)" "$csp"
my 09-workstation-not-yet-valid 5A0000000901000000000009 20260201090000Z 20270201090000Z $PC1 "$(workstation)" "$csp"
my 10-workstation-no-key 5A0000000A0100000000000A 20250314090000Z 20260314090000Z $PC1 "$(workstation)" 'private_key = "absent"'
my 11-workstation-key-inaccessible 5A0000000B0100000000000B 20250315090000Z 20260315090000Z $PC1 "$(workstation)" 'private_key = "inaccessible"'
my 12-workstation-ksp 5A0000000C0100000000000C 20250316090000Z 20260316090000Z $PC1 "$(workstation)" 'private_key = "ksp"'
my 13-workstation-template-v3 5A0000000D0100000000000D 20250317090000Z 20260317090000Z $PC1 "$(workstation)" "$csp" 'template_schema = 3'
my 14-server-own-name 5A0000000E0100000000000E 20250201090000Z 20260201090000Z $PC1 \
  "$(leaf issuing serverAuth web server DNS:pc1.contoso.com)" "$csp" 'friendly_name = "IIS"'
my 15-server-other-name 5A0000000F0100000000000F 20250202090000Z 20260202090000Z /CN=intranet.contoso.com \
  "$(leaf issuing serverAuth web server DNS:intranet.contoso.com)" "$csp" 'friendly_name = "intranet"'
my 16-workstation-empty-subject 5A000000100100000000000010 20250720090000Z 20260120090000Z - \
  "$(leaf issuing clientAuth workstation client critical,DNS:pc1.contoso.com)" "$csp"
STRING_MASK=MASK:0x800 my 17-machine-bmp-subject 5A000000110100000000000011 20250701090000Z 20260131090000Z \
  '/DC=com/DC=contoso/OU=Büro Zürich/CN=PC1' "keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth,serverAuth
1.3.6.1.4.1.311.20.2 = ASN1:BMPSTRING:Machine
subjectAltName = DNS:pc1.contoso.com
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = cdp_issuing
authorityInfoAccess = @aia_issuing" "$csp"
MD=sha1 my 18-workstation-sha1 5A000000120100000000000012 20250901090000Z 20260201090000Z $PC1 "$(workstation)" "$csp"
my 19-client-auth-removed-in-store 5A000000130100000000000013 20250318090000Z 20260318090000Z /CN=vpn.contoso.com \
  "$(workstation issuing DNS:vpn.contoso.com)" "$csp" \
  'eku = ["1.3.6.1.5.5.7.3.1"]'
CA=fabrikam my 20-wrong-root 77 20250101090000Z 20270101090000Z $PC1 'keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = DNS:pc1.contoso.com
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid' "$csp"
CA=self my 21-self-signed 4E2B1C0D9F8A7B6C 20250101090000Z 20280101090000Z $PC1 'keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth,serverAuth
subjectAltName = DNS:pc1.contoso.com
subjectKeyIdentifier = hash' "$csp"
# Entra joins a device with a certificate whose CA is nowhere on the machine; its Subject is the device's id.
CA=entra my 22-ms-organization-access 3A9C01 20240601090000Z 20340601090000Z /CN=8b02491a-0e7c-4dce-81aa-3021dc0195eb 'keyUsage = critical,digitalSignature,keyEncipherment
basicConstraints = critical,CA:FALSE
extendedKeyUsage = clientAuth
1.2.840.113556.1.5.284.2 = ASN1:FORMAT:HEX,OCTETSTRING:1a49028b7c0ece4d81aa3021dc0195eb
authorityKeyIdentifier = keyid' 'private_key = "ksp"'
CA=p2p my 23-ms-organization-p2p-access 3A9C02 20260115080000Z 20260116080000Z \
  '/DC=8b02491a-0e7c-4dce-81aa-3021dc0195eb/CN=S-1-12-1-2332182810-1305351804/CN=1f9a-p2p' 'keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth,serverAuth
subjectAltName = DNS:pc1.contoso.com' 'private_key = "ksp"'
CA=intune my 24-intune-mdm-device 3A9C03 20251020090000Z 20261020090000Z - 'keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth
subjectAltName = critical,URI:urn:uuid:6f1c2f0e-1a5b-4a8e-9f57-0c9d8e7b6a51
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid' 'private_key = "ksp"' 'friendly_name = "Intune MDM device"'
put root $m/ROOT/contoso-root-ca.cer
put fabrikam $m/ROOT/fabrikam-device-root.cer
put intune_root $m/ROOT/example-intune-root.cer
put issuing $m/CA/contoso-issuing-ca-1.cer
put intune $m/CA/example-intune-mdm-device-ca.cer
put_crl root "$m/crl/Contoso Root CA.crl"
put_crl issuing "$m/crl/Contoso Issuing CA 1.crl"
put_crl issuing_delta "$m/crl/Contoso Issuing CA 1+.crl"

# contoso FOLDER: root, issuing CA and all current CRLs
contoso() {
  put root "$1/ROOT/contoso-root-ca.cer"
  put issuing "$1/CA/contoso-issuing-ca-1.cer"
  put_crl root "$1/crl/Contoso Root CA.crl"
  put_crl issuing "$1/crl/Contoso Issuing CA 1.crl"
  put_crl issuing_delta "$1/crl/Contoso Issuing CA 1+.crl"
}
# head_of NAME PROPERTIES [LINE...]: a machine.toml of the usual kind
head_of() {
  printf 'name = "%s"\nfqdn = "%s.contoso.com"\nnow = "%s"\n\n[settings]\n' "$1" "$(printf %s "$1" | tr 'A-Z' 'a-z')" "$NOW"
  [ -z "$2" ] || printf "properties = '%s'\n" "$2"
  shift 2
  [ $# -eq 0 ] || printf '%s\n' "$@"
}
listed='CCMCERTISSUERS="CN=Contoso Root CA; O=Contoso, Ltd; C=US"'

# ---- contoso-ecc: an ECDSA hierarchy ------------------------------------------------------------------------------------

m=contoso-ecc
head_of PC2 'CCMFIRSTCERT=1 CCMCERTISSUERS="CN=Contoso ECC Root CA; O=Contoso, Ltd; C=US"' | machine $m
# ecc FILE TYPE SERIAL FROM TO [SIDECAR LINE...]
ecc() {
  key "$m-$1" "$2"
  cert "$m-$1" ecc_issuing "$3" "$4" "$5" /CN=pc2.contoso.com "$(workstation ecc_issuing DNS:pc2.contoso.com)"
  put "$m-$1" "$m/MY/$1.cer"
  local f=$m/MY/$1.cer
  shift 5
  [ $# -eq 0 ] || side "$f" "$@"
}
ecc 01-p256-ksp p256 4F0000000101000000000001 20250401090000Z 20270401090000Z 'private_key = "ksp"'
ecc 02-rsa-csp rsa2048 4F0000000201000000000002 20250402090000Z 20260402090000Z "$csp"
ecc 03-p384-provider-unknown p384 4F0000000301000000000003 20250403090000Z 20270403090000Z 'private_key = "accessible"'
ecc 04-p256-stated-csp p256 4F0000000401000000000004 20250701090000Z 20260404090000Z "$csp"
put ecc_root $m/ROOT/contoso-ecc-root-ca.cer
put ecc_issuing $m/CA/contoso-ecc-issuing-ca-1.cer
put_crl ecc_root "$m/crl/Contoso ECC Root CA.crl"
put_crl ecc_issuing "$m/crl/Contoso ECC Issuing CA 1.crl"

# ---- empty-store ----------------------------------------------------------------------------------------------------------

m=empty-store
head_of PC3 "$listed" | machine $m
: >"$here/$m/MY/.gitkeep"
contoso $m

# ---- two-equal-candidates: alike in everything that ranks, and nothing says "select first" ----------------------------------

m=two-equal-candidates
head_of PC4 "$listed" | machine $m
my 01-first 5A000000410100000000000041 20250601090000Z 20260601090000Z /CN=pc4.contoso.com "$(workstation issuing DNS:pc4.contoso.com)" "$csp"
my 02-second 5A000000420100000000000042 20250601090000Z 20260601090000Z /CN=pc4.contoso.com "$(workstation issuing DNS:pc4.contoso.com)" "$csp"
contoso $m

# ---- missing-crl, delta-missing -----------------------------------------------------------------------------------------------

m=missing-crl
head_of PC5 "$listed" | machine $m
my 01-workstation 5A000000510100000000000051 20250602090000Z 20260602090000Z /CN=pc5.contoso.com "$(workstation issuing DNS:pc5.contoso.com)" "$csp"
contoso $m
rm -r "${here:?}/$m/crl"

m=delta-missing
head_of PC6 "$listed" | machine $m
my 01-workstation 5A000000610100000000000061 20250603090000Z 20260603090000Z /CN=pc6.contoso.com "$(workstation issuing DNS:pc6.contoso.com)" "$csp"
contoso $m
rm "$here/$m/crl/Contoso Issuing CA 1+.crl"

# ---- issuers-no-match, issuers-with-commas, issuers-by-certificate ----------------------------------------------------------------

m=issuers-no-match
head_of PC7 'CCMCERTISSUERS="CN=contoso root ca; O=Contoso, Ltd; C=US | CN=Contoso Issuing CA 1"' | machine $m
my 01-workstation 5A000000710100000000000071 20250604090000Z 20260604090000Z /CN=pc7.contoso.com "$(workstation issuing DNS:pc7.contoso.com)" "$csp"
my 02-expired 5A000000720100000000000072 20240604090000Z 20250604090000Z /CN=pc7.contoso.com "$(workstation issuing DNS:pc7.contoso.com)" "$csp"
contoso $m

m=issuers-with-commas
head_of PC8 'CCMCERTISSUERS="CN=Contoso Root CA, O=Contoso, Ltd, C=US"' | machine $m
my 01-workstation 5A000000810100000000000081 20250605090000Z 20260605090000Z /CN=pc8.contoso.com "$(workstation issuing DNS:pc8.contoso.com)" "$csp"
contoso $m

# The root was renewed with its key, and imported by someone else under its name: one of the two leaves chains to the listed key.
m=issuers-by-certificate
head_of PC9 '' | machine $m
cp "$work/root.key" "$work/root_renewed.key"
cert root_renewed self 4C1D00F27B5E4E8A4B0E1A6D3F9C2B72 20250105080000Z 20450105081000Z '/C=US/O=Contoso, Ltd/CN=Contoso Root CA' "$ca_root"
key root_other rsa2048
cert root_other self 6D00C3B2A1908F7E6D5C4B3A29181706 20240105080000Z 20440105081000Z '/C=US/O=Contoso, Ltd/CN=Contoso Root CA' "$ca_root"
my 01-workstation 5A000000910100000000000091 20250606090000Z 20260606090000Z /CN=pc9.contoso.com "$(workstation issuing DNS:pc9.contoso.com)" "$csp"
CA=root_other my 02-same-name-other-key 92 20250607090000Z 20260607090000Z /CN=pc9.contoso.com 'keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth
subjectAltName = DNS:pc9.contoso.com
authorityKeyIdentifier = keyid' "$csp"
contoso $m
rm "$here/$m/ROOT/contoso-root-ca.cer"
put root_renewed $m/ROOT/contoso-root-ca-renewed.cer
put root_other $m/ROOT/contoso-root-ca-other-key.cer
put root $m/issuers/contoso-root-ca.cer

# ---- renewed-ca-key: one CA name, two keys, a CRL for each ---------------------------------------------------------------------------

m=renewed-ca-key
head_of PC11 "CCMFIRSTCERT=1 $listed" | machine $m
CA=renewed0 my 01-old-key-revoked 5B0000000101000000000001 20240301090000Z 20260228090000Z /CN=pc11.contoso.com "$(workstation renewed0 DNS:pc11.contoso.com)" "$csp"
CA=renewed0 my 02-old-key 5B0000000201000000000002 20240302090000Z 20260228090000Z /CN=pc11.contoso.com "$(workstation renewed0 DNS:pc11.contoso.com)" "$csp"
CA=renewed1 my 03-new-key 5B0000000301000000010003 20250608090000Z 20260608090000Z /CN=pc11.contoso.com "$(workstation renewed1 DNS:pc11.contoso.com)" "$csp"
put root $m/ROOT/contoso-root-ca.cer
put renewed0 "$m/CA/contoso-issuing-ca-3.cer"
put renewed1 "$m/CA/contoso-issuing-ca-3(1).cer"
put_crl root "$m/crl/Contoso Root CA.crl"
put_crl renewed0 "$m/crl/Contoso Issuing CA 3.crl"
put_crl renewed1 "$m/crl/Contoso Issuing CA 3(1).crl"

# ---- wrong-store --------------------------------------------------------------------------------------------------------------------------

m=wrong-store
head_of PC12 "CCMCERTSTORE=\"ConfigMgr\" $listed" | machine $m
my 01-workstation 5A0000000C12000000000121 20250609090000Z 20260609090000Z /CN=pc12.contoso.com "$(workstation issuing DNS:pc12.contoso.com)" "$csp"
my 02-expired 5A0000000C12000000000122 20240609090000Z 20250609090000Z /CN=pc12.contoso.com "$(workstation issuing DNS:pc12.contoso.com)" "$csp"
contoso $m
mkdir "$here/$m/ConfigMgr"
mv "$here/$m/MY/02-expired.cer" "$here/$m/MY/02-expired.cer.toml" "$here/$m/ConfigMgr/"

# ---- cb2107-pc1: client authentication and the computer name are both required -------------------------------------------------------------

m=cb2107-pc1
head_of PC1 "CCMFIRSTCERT=1 $listed" 'ruleset = "cb2107"' | machine $m
my 01-of-pc10 5A000000D1010000000000D1 20250610090000Z 20270610090000Z /CN=pc10.contoso.com "$(workstation issuing DNS:pc10.contoso.com)" 'private_key = "ksp"'
my 02-own-name 5A000000D2010000000000D2 20250611090000Z 20260611090000Z $PC1 "$(workstation)" 'private_key = "ksp"' 'template_schema = 4'
my 03-name-in-san-only 5A000000D3010000000000D3 20250612090000Z 20260612090000Z /CN=kiosk "$(workstation)" 'private_key = "ksp"'
my 04-empty-subject 5A000000D4010000000000D4 20250801090000Z 20260501090000Z - \
  "$(leaf issuing clientAuth workstation client critical,DNS:pc1.contoso.com)" "$csp"
my 05-server-own-name 5A000000D5010000000000D5 20250614090000Z 20260614090000Z $PC1 "$(leaf issuing serverAuth web server DNS:pc1.contoso.com)" "$csp"
key $m-06-ecc-ksp p256
cert $m-06-ecc-ksp issuing 5A000000D6010000000000D6 20250615090000Z 20260615090000Z $PC1 "$(workstation)"
put $m-06-ecc-ksp $m/MY/06-ecc-ksp.cer
side $m/MY/06-ecc-ksp.cer 'private_key = "ksp"'
contoso $m

# ---- pem-with-key: files as OpenSSL users have them ------------------------------------------------------------------------------------------

m=pem-with-key
head_of PC13 "$listed" | machine $m
key $m-leaf rsa2048
cert $m-leaf issuing 5A000000E1010000000000E1 20250616090000Z 20260616090000Z /CN=pc13.contoso.com "$(workstation issuing DNS:pc13.contoso.com)"
{ openssl x509 -in "$work/$m-leaf.pem" -subject -issuer -nameopt utf8; cat "$work/$m-leaf.key"; } >"$here/$m/MY/client.pem"
mkdir -p "$here/$m/ROOT" "$here/$m/CA" "$here/$m/crl"
cat "$work/root.pem" "$work/fabrikam.pem" >"$here/$m/ROOT/roots.pem"
cat "$work/issuing.pem" >"$here/$m/CA/chain.crt"
cat "$work/root.crl.pem" "$work/issuing.crl.pem" "$work/issuing_delta.crl.pem" >"$here/$m/crl/all.pem"

# ---- damaged-entries: three files that do not decode, one that does ---------------------------------------------------------------------------

m=damaged-entries
head_of PC14 "$listed" | machine $m
my 02-good 5A000000F1010000000000F1 20250617090000Z 20260617090000Z /CN=pc14.contoso.com "$(workstation issuing DNS:pc14.contoso.com)" "$csp"
head -c 700 "$here/$m/MY/02-good.cer" >"$here/$m/MY/01-truncated.cer"
printf 'this is not a certificate\n' >"$here/$m/MY/03-text.cer"
{ echo '-----BEGIN CERTIFICATE-----'; echo 'MIIC*not*base64*'; echo '-----END CERTIFICATE-----'; } >"$here/$m/MY/04-garbage.pem"
contoso $m

# ---- mac-client: takes the first ---------------------------------------------------------------------------------------------------------------

m=mac-client
{ head_of MAC1 '' | sed '/^\[settings\]/d'; echo 'device = "mac-or-mobile"'; } | machine $m
my 01-expired 5A000000A1010000000000A1 20240618090000Z 20250618090000Z /CN=mac1 "$(workstation issuing DNS:mac1.contoso.com)" 'private_key = "accessible"'
my 02-first 5A000000A2010000000000A2 20251218090000Z 20260218090000Z /CN=mac1 "$(workstation issuing DNS:mac1.contoso.com)" 'private_key = "accessible"'
my 03-longer 5A000000A3010000000000A3 20250618090000Z 20270618090000Z /CN=mac1 "$(workstation issuing DNS:mac1.contoso.com)" 'private_key = "accessible"'
contoso $m

echo "made $(find "$here" -name machine.toml | wc -l) machines in $here"
