use super::*;
use crate::inside::x509_cert::compare;
use x509_cert::der::Encode;
use x509_cert::ext::pkix;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;

/// The bases of subtrees with what is compared of them, in the order of their bytes: ours are grouped by form.
type Bases = Vec<(Vec<u8>, Vec<u8>)>;

fn ours(subtrees: &Subtrees) -> Bases {
    let all = subtrees.0.iter().flat_map(|(_, subtrees)| subtrees);
    let mut bases: Bases = all
        .map(|subtree| match &subtree.base {
            Base::Text(bytes) | Base::Ip(bytes) => (subtree.der.to_vec(), bytes.to_vec()),
            Base::Directory(count, _) => (subtree.der.to_vec(), vec![*count as u8]),
            Base::NotUnderstood => (subtree.der.to_vec(), Vec::new()),
        })
        .collect();
    bases.sort();
    bases
}

fn theirs(subtrees: &[GeneralSubtree]) -> Bases {
    use pkix::name::GeneralName as Theirs;
    let compared = |base: &Theirs| match base {
        Theirs::Rfc822Name(text) | Theirs::DnsName(text) | Theirs::UniformResourceIdentifier(text) => {
            text.as_bytes().to_vec()
        }
        Theirs::IpAddress(bytes) => bytes.as_bytes().to_vec(),
        Theirs::DirectoryName(name) => vec![name.iter_rdn().count() as u8],
        Theirs::OtherName(other) => other.value.value().to_vec(),
        Theirs::EdiPartyName(_) | Theirs::RegisteredId(_) => Vec::new(),
    };
    let mut bases: Bases = subtrees.iter().map(|one| (one.base.to_der().expect("DER"), compared(&one.base))).collect();
    bases.sort();
    bases
}

#[test]
fn x509_cert_reads_name_constraints_alike() {
    let own = |certificate: &Certificate| {
        Ok(NameConstraints::of(certificate)?.map(|read| (ours(&read.permitted), ours(&read.excluded))))
    };
    let read = |read: pkix::NameConstraints| {
        let of = |subtrees: &Option<Vec<GeneralSubtree>>| theirs(subtrees.as_deref().unwrap_or_default());
        (of(&read.permitted_subtrees), of(&read.excluded_subtrees))
    };
    compare(oid::NAME_CONSTRAINTS, 15, own, read);
}
