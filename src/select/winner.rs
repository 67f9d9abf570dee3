//! The selected certificate and nothing else: best rank first, cheapest check first, stopping early.
//!
//! The checks are the functions that the verdicts are made of, in another order and without the words. That changes the
//! reason that would be given, never the answer: a certificate passes if it passes every check.

use super::engine::Selector;
use super::memo::Window;
use super::step_one;
use crate::chain::Path;
use crate::check::purpose::{self, Usages};
use crate::check::{CertificateNames, SearchOptions, criteria, key, name, template};
use crate::name::fold;
use crate::settings::{OnMultiple, PurposeRule, SubjectText};
use crate::store::{CertId, FoldedNames};
use crate::text::Criteria;
use crate::{DeviceKind, Settings, Step, StoredCertificate, Timestamp};
use memchr::memmem::Finder;

/// What the text of a certificate's names must hold for a criterion to match it: the longest value, folded. `None` where
/// no such text is known: criteria that are compared with keys, or ask for presence alone.
pub(super) fn sieve(criteria: &Criteria, settings: &Settings) -> Option<Finder<'static>> {
    let wanted = match criteria {
        Criteria::SubjectContains(wanted) if settings.subject_text() == SubjectText::SimpleName => wanted.as_str(),
        Criteria::Subject(wanted) if !wanted.as_str().contains('=') => wanted.as_str(),
        Criteria::SubjectAttributes(tests) => tests.iter().filter_map(|test| test.value()).max_by_key(|v| v.len())?,
        Criteria::SubjectContains(_) | Criteria::Subject(_) => return None,
    };
    Some(Finder::new(&fold(wanted)).into_owned())
}

impl Selector {
    /// The answer at this instant, remembered as long as no date changes it.
    pub(super) fn find_winner(&self, now: Timestamp) -> Option<CertId> {
        if let Some(winner) = self.answer.at(now) {
            return winner;
        }
        let mut window = self.window_of_issuers(now);
        let mut passing = Vec::with_capacity(2);
        let several_are_an_error =
            self.machine.device() == DeviceKind::Windows && self.settings.on_multiple() == OnMultiple::Fail;
        let wanted = if several_are_an_error { 2 } else { 1 };
        let mut sieve = self.sieve.as_ref().map(|needle| Sieve::new(self.stores.names_text(), needle));
        for candidate in self.candidates() {
            if sieve.as_mut().is_some_and(|sieve| !sieve.passes(candidate.id)) {
                continue;
            }
            window.narrow(candidate.not_before, candidate.not_after, now);
            let in_date = candidate.not_before <= now && now <= candidate.not_after;
            if in_date && self.passes(candidate.id, now) {
                passing.push(candidate.id);
                if passing.len() == wanted {
                    break;
                }
            }
        }
        // Two survivors are enough to know that there are several (rule L-2).
        let winner = passing.first().copied().filter(|_| !several_are_an_error || passing.len() == 1);
        self.answer.remember(window, winner);
        winner
    }

    /// What stands above the candidates changes with the dates of its CRLs and of every certificate that issued something.
    fn window_of_issuers(&self, now: Timestamp) -> Window {
        let mut window = Window::all_time();
        let mut certificates = |ids: &[CertId]| {
            for stored in ids.iter().filter_map(|id| self.stores.get(*id)) {
                let certificate = stored.certificate();
                window.narrow(certificate.not_before(), certificate.not_after(), now);
            }
        };
        certificates(self.stores.issuers());
        for crl in self.crls.iter() {
            certificates(self.stores.with_subject(&crl.issuer_key()));
        }
        for crl in self.crls.iter() {
            window.narrow(crl.this_update(), crl.next_update().unwrap_or(Timestamp::MAX), now);
        }
        window
    }

    /// Whether a candidate that is in date passes every other check.
    fn passes(&self, id: CertId, now: Timestamp) -> bool {
        let Some(stored) = self.stores.get(id) else {
            return false;
        };
        let settings = &self.settings;
        key::check(stored).is_ok()
            && !template::check_template(stored, settings).is_rejected()
            && template::check_provider(stored, settings).is_none_or(|result| result.is_ok())
            && self.has_name(stored)
            && match self.purpose_of(stored) {
                PurposeBelow::Fails => false,
                PurposeBelow::Holds => self.holds(id, now, |_| true),
                PurposeBelow::UnlessNested => self.holds(id, now, |path| self.chains.eku_nesting(path).is_ok()),
            }
    }

    /// Steps 1 and 3 on the one chain (rule I-7), on which the purpose holds.
    fn holds(&self, id: CertId, now: Timestamp, purpose: impl Fn(&Path) -> bool) -> bool {
        self.chains.chain(id, now).is_some_and(|chain| {
            let path = chain.path();
            chain.failure().is_none()
                && step_one::is_listed(self, path)
                && purpose(path)
                && self.revocation(path, now).is_ok()
        })
    }

    /// Step 4 as far as the certificate alone decides it.
    fn purpose_of(&self, stored: &StoredCertificate) -> PurposeBelow {
        let (settings, certificate) = (&self.settings, stored.certificate());
        let holds_if = |holds| {
            if holds { PurposeBelow::Holds } else { PurposeBelow::Fails }
        };
        if let Some(criteria) = self.selection_criteria() {
            let options = SearchOptions::of(settings);
            return holds_if(criteria::find(criteria, &CertificateNames::of(certificate), options).is_some());
        }
        let allowed = Usages::of(stored, settings).allow_client_authentication()
            && !matches!(purpose::key_usage(certificate, settings), Some(Err(_)));
        let by_name = settings.ruleset().table().purpose == PurposeRule::ClientAuthenticationOrComputerName
            && purpose::computer_name(certificate, &self.machine, settings).is_some();
        match allowed {
            _ if by_name => PurposeBelow::Holds,
            true => PurposeBelow::UnlessNested,
            false => PurposeBelow::Fails,
        }
    }

    /// Step 5, where the ruleset has it and nothing replaces it.
    fn has_name(&self, stored: &StoredCertificate) -> bool {
        let asked = self.settings.ruleset().table().steps.contains(&Step::Name)
            && self.machine.device() == DeviceKind::Windows
            && self.settings.criteria().is_none();
        !asked || !name::check(stored.certificate(), &self.machine, &self.settings).0.is_rejected()
    }
}

/// What step 4 says of a certificate before its path is known.
enum PurposeBelow {
    Fails,
    Holds,
    /// It holds unless a CA above takes client authentication away (rule P-8).
    UnlessNested,
}

/// Which certificates hold a text in their names: asked one by one as long as a good one may be near, then all at once.
struct Sieve<'a> {
    names: &'a FoldedNames,
    needle: &'a Finder<'static>,
    asked: usize,
    /// By identifier.
    passing: Vec<bool>,
}

impl<'a> Sieve<'a> {
    /// A look at this many costs less than one at all of ten thousand.
    const ONE_BY_ONE: usize = 64;

    fn new(names: &'a FoldedNames, needle: &'a Finder<'static>) -> Self {
        Sieve { names, needle, asked: 0, passing: Vec::new() }
    }

    fn passes(&mut self, id: CertId) -> bool {
        self.asked += 1;
        if self.asked <= Self::ONE_BY_ONE {
            return self.names.holds(id, self.needle);
        }
        if self.passing.is_empty() {
            self.passing = vec![false; self.names.len()];
            for id in self.names.containing(self.needle) {
                if let Some(passes) = self.passing.get_mut(id.index()) {
                    *passes = true;
                }
            }
        }
        self.passing.get(id.index()) == Some(&true)
    }
}
