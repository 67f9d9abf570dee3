//! The name step of `cb2107` (P-6): the Subject contains the computer name.

use super::finding::{Exemption, Finding, Pass, Rejection};
use super::near_miss::NearMiss;
use super::warning::Warning;
use crate::name::{contains_folded, eq_folded, fold};
use crate::settings::{EmptySubject, NameCheck, SubjectText};
use crate::{Certificate, Machine, Settings};

/// P-6 and R-2. The warning says which longer name matched.
pub(super) fn name(certificate: &Certificate, machine: &Machine, settings: &Settings) -> (Finding, Option<Warning>) {
    if settings.name_check() == NameCheck::Waived {
        return (Finding::NotApplicable(Exemption::NameCheckWaived), None);
    }
    let name = certificate.subject();
    if name.is_empty() && settings.empty_subject() == EmptySubject::Exempt {
        return (Finding::NotApplicable(Exemption::EmptySubject), None);
    }
    let subject = match settings.subject_text() {
        SubjectText::SimpleName => name.simple_name(),
        SubjectText::X500 => name.x500_string(),
    };
    let computer = machine.netbios_name();
    if contains_folded(&subject, computer) {
        let warning = longer_name(&subject, machine);
        return (Finding::Passed(Pass::NameInSubject { subject }), warning);
    }
    // A name of another machine that begins alike is the usual cause: a renamed computer, a copied image.
    let near_miss = name
        .common_names()
        .find(|cn| !cn.is_empty() && fold(computer).starts_with(&fold(cn)))
        .map(|cn| Box::new(NearMiss::SimilarName { computer: computer.to_owned(), actual: cn.to_owned() }));
    (
        Finding::Rejected { rejection: Rejection::NotInSubject { computer: computer.to_owned(), subject }, near_miss },
        None,
    )
}

/// P-6: machine PC1 takes a certificate of PC10; set when every occurrence lies inside another, longer name.
fn longer_name(subject: &str, machine: &Machine) -> Option<Warning> {
    let computer = machine.netbios_name();
    let mut longer = None;
    for word in subject.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')) {
        if eq_folded(word, computer) || eq_folded(word, machine.name()) {
            return None;
        }
        if longer.is_none() && contains_folded(word, computer) {
            longer = Some(word);
        }
    }
    longer.map(|longer| Warning::LongerName { computer: computer.to_owned(), longer: longer.to_owned() })
}
