//! Certificate policies: RFC 5280 6.1 with the policy graph of RFC 9618, whose size is linear in what the certificates say.

use super::PolicyInputs;
use super::failure::PolicyProblem;
use crate::asn1::{self, Der, DerError};
use crate::budget::{Budget, Spent};
use crate::certificate::{Certificate, Extension, ExtensionError, read_oid};
use crate::choices::{AnyPolicy, ExplicitPolicy, PolicyMapping};
use crate::oid::{self, Oid};
use std::collections::HashMap;

/// What one certificate says about policies.
#[derive(Default)]
pub(super) struct Policies {
    /// certificatePolicies; `None` without the extension.
    asserted: Option<Vec<Oid>>,
    /// policyMappings: from the issuer's domain to the subject's.
    mappings: Vec<(Oid, Oid)>,
    require_explicit: Option<u32>,
    inhibit_mapping: Option<u32>,
    inhibit_any: Option<u32>,
    /// A qualifier that is not understood, in a critical certificatePolicies (RFC 5280 4.2.1.4).
    pub odd_qualifier: Option<Oid>,
}

/// The extensions that are about policies.
const READ: [&[u8]; 4] =
    [oid::CERTIFICATE_POLICIES, oid::POLICY_MAPPINGS, oid::POLICY_CONSTRAINTS, oid::INHIBIT_ANY_POLICY];

impl Policies {
    /// With what does not decode and is not critical, of which nothing was read; where it is critical, it is the error, and
    /// rejects the certificate (rule V-5).
    pub(super) fn of(certificate: &Certificate) -> Result<(Self, Vec<ExtensionError>), ExtensionError> {
        let (mut policies, mut damaged) = (Policies::default(), Vec::new());
        if !certificate.may_have(&READ) {
            return Ok((policies, damaged));
        }
        for extension in certificate.extensions() {
            let Err(source) = policies.read(&extension) else { continue };
            let error = ExtensionError { extension: extension.oid(), error: source };
            if extension.critical {
                return Err(error);
            }
            if extension.oid == oid::CERTIFICATE_POLICIES {
                policies.asserted = Some(Vec::new()); // none that could be read: not the same as none asserted
            }
            damaged.push(error);
        }
        Ok((policies, damaged))
    }

    fn read(&mut self, extension: &Extension<'_>) -> Result<(), DerError> {
        let sequence = |expected| {
            asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected).map(|element| element.inside())
        };
        match extension.oid {
            // certificatePolicies ::= SEQUENCE OF PolicyInformation { policyIdentifier, policyQualifiers OPTIONAL }
            oid::CERTIFICATE_POLICIES => {
                let mut list = sequence("a SEQUENCE of policies")?;
                let mut asserted = Vec::new();
                while !list.is_empty() {
                    let policy = list.expect(asn1::SEQUENCE, "a PolicyInformation SEQUENCE")?;
                    let mut fields = policy.inside();
                    asserted.push(read_oid(&fields.expect(asn1::OID, "a policyIdentifier")?)?);
                    if extension.critical && self.odd_qualifier.is_none() {
                        self.odd_qualifier = odd_qualifier(fields)?;
                    }
                }
                self.asserted = Some(asserted);
            }
            // PolicyMappings ::= SEQUENCE OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }
            oid::POLICY_MAPPINGS => {
                let mut list = sequence("a SEQUENCE of policy mappings")?;
                let mut mappings = Vec::new();
                while !list.is_empty() {
                    let mut pair = list.expect(asn1::SEQUENCE, "a policy mapping SEQUENCE")?.inside();
                    let mut policy = || read_oid(&pair.expect(asn1::OID, "a policy's OBJECT IDENTIFIER")?);
                    let (issuer, subject) = (policy()?, policy()?);
                    pair.finish("the end of the policy mapping")?;
                    mappings.push((issuer, subject));
                }
                self.mappings = mappings;
            }
            // PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] OPTIONAL, inhibitPolicyMapping [1] OPTIONAL }
            oid::POLICY_CONSTRAINTS => {
                let mut fields = sequence("a PolicyConstraints SEQUENCE")?;
                let explicit = skip_certs(&mut fields, asn1::context(0))?;
                let mapping = skip_certs(&mut fields, asn1::context(1))?;
                fields.finish("the end of PolicyConstraints")?;
                (self.require_explicit, self.inhibit_mapping) = (explicit, mapping);
            }
            // InhibitAnyPolicy ::= SkipCerts
            oid::INHIBIT_ANY_POLICY => {
                let number =
                    asn1::single(extension.value, extension.offset, asn1::INTEGER, "an InhibitAnyPolicy INTEGER")?;
                self.inhibit_any = Some(asn1::count(&number)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.asserted.as_ref().map_or(0, Vec::len) + self.mappings.len()
    }

    fn maps_any(&self) -> bool {
        let any = |policy: &Oid| policy.as_bytes() == oid::ANY_POLICY;
        self.mappings.iter().any(|(issuer, subject)| any(issuer) || any(subject))
    }
}

/// `SEQUENCE OF PolicyQualifierInfo { policyQualifierId OBJECT IDENTIFIER, qualifier ANY }`, where only two identifiers are
/// understood: a pointer to a statement and a notice, neither of which a rule reads.
fn odd_qualifier(mut fields: Der<'_>) -> Result<Option<Oid>, DerError> {
    let Some(list) = fields.optional(asn1::SEQUENCE, "the policyQualifiers SEQUENCE")? else {
        return Ok(None);
    };
    let mut list = list.inside();
    while !list.is_empty() {
        let info = list.expect(asn1::SEQUENCE, "a PolicyQualifierInfo SEQUENCE")?;
        let id = read_oid(&info.inside().expect(asn1::OID, "a policyQualifierId")?)?;
        if ![oid::POLICY_QUALIFIER_CPS, oid::POLICY_QUALIFIER_NOTICE].contains(&id.as_bytes()) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn skip_certs(fields: &mut Der<'_>, tag: u8) -> Result<Option<u32>, DerError> {
    fields.optional(tag, "a number of certificates")?.map(|number| asn1::count(&number)).transpose()
}

/// What policy processing says about a path: nothing, or one problem, with the place of the certificate that has it.
pub(super) struct PolicyOutcome(Option<(usize, Problem)>);

/// Why the policies of a path do not hold.
pub(super) enum Problem {
    Policy(PolicyProblem),
    Budget(Budget),
}

impl PolicyOutcome {
    /// Of the certificates below the root, the one that is judged first: what each says, and whether it is self-issued. `None`
    /// for a damaged critical extension, which is a failure of its own, at its certificate.
    pub(super) fn of<'a>(
        below_root: impl ExactSizeIterator<Item = Option<(&'a Policies, bool)>>,
        inputs: &PolicyInputs,
        spent: &mut Spent,
    ) -> Self {
        let mut chain: Vec<(&Policies, bool)> = Vec::with_capacity(below_root.len());
        for said in below_root {
            match said {
                Some(said) => chain.push(said),
                None => return PolicyOutcome(None),
            }
        }
        let issuers = || chain.iter().enumerate().skip(1);
        if let Some((position, _)) = issuers().find(|(_, (policies, _))| policies.maps_any()) {
            return PolicyOutcome(Some((position, Problem::Policy(PolicyProblem::MappingOfAnyPolicy))));
        }
        // Without a demand for an explicit policy, RFC 5280 6.1.5 (g) accepts the path whatever its policies are.
        let demanded = inputs.explicit == ExplicitPolicy::Required
            || chain.iter().any(|(policies, _)| policies.require_explicit.is_some());
        if !demanded {
            return PolicyOutcome(None);
        }
        let size = chain.iter().map(|(policies, _)| policies.size() + 1).sum();
        if let Err(budget) = spent.spend(Budget::Policies, size) {
            return PolicyOutcome(Some((0, Problem::Budget(budget))));
        }
        PolicyOutcome(process(&chain, inputs).err().map(|(position, problem)| (position, Problem::Policy(problem))))
    }

    /// The problem of the certificate at this place.
    pub(super) fn at(&self, position: usize) -> Option<&Problem> {
        self.0.as_ref().filter(|(at, _)| *at == position).map(|(_, problem)| problem)
    }
}

/// A policy at one depth of the graph.
struct PolicyNode<'a> {
    policy: &'a [u8],
    /// expected_policy_set; the policy itself unless it was mapped.
    expected: Vec<&'a [u8]>,
    /// Indices of the parents, one level up.
    parents: Vec<usize>,
}

impl<'a> PolicyNode<'a> {
    fn new(policy: &'a [u8], parents: Vec<usize>) -> Self {
        PolicyNode { policy, expected: vec![policy], parents }
    }
}

type Level<'a> = Vec<PolicyNode<'a>>;

fn any_policy(level: &Level<'_>) -> Option<usize> {
    level.iter().position(|node| node.policy == oid::ANY_POLICY)
}

/// Processes the certificates below the anchor, the certificate that is judged first in `chain`.
fn process(chain: &[(&Policies, bool)], inputs: &PolicyInputs) -> Result<(), (usize, PolicyProblem)> {
    let n = u32::try_from(chain.len()).unwrap_or(u32::MAX);
    let unless = |inhibited: bool| if inhibited { 0 } else { n.saturating_add(1) };
    let mut explicit_policy = unless(inputs.explicit == ExplicitPolicy::Required);
    let mut inhibit_any = unless(inputs.any_policy == AnyPolicy::Inhibited);
    let mut policy_mapping = unless(inputs.mapping == PolicyMapping::Inhibited);
    // Level 0 is anyPolicy; the graph is NULL when the last level is empty.
    let mut levels: Vec<Level<'_>> = vec![vec![PolicyNode::new(oid::ANY_POLICY, Vec::new())]];
    for (position, &(policies, self_issued)) in chain.iter().enumerate().rev() {
        let is_last = position == 0;
        let above = levels.last().map(Vec::as_slice).unwrap_or_default();
        let any_counts = inhibit_any > 0 || (!is_last && self_issued);
        let mut level = match &policies.asserted {
            Some(asserted) => descend(above, asserted, any_counts),
            None => Vec::new(),
        };
        if explicit_policy == 0 && level.is_empty() {
            return Err((position, PolicyProblem::NoneValid));
        }
        if !is_last {
            map(&mut level, above, &policies.mappings, policy_mapping > 0);
            let step = u32::from(!self_issued);
            explicit_policy = explicit_policy.saturating_sub(step);
            policy_mapping = policy_mapping.saturating_sub(step);
            inhibit_any = inhibit_any.saturating_sub(step);
            let lower = |limit: &mut u32, to: Option<u32>| *limit = to.map_or(*limit, |to| to.min(*limit));
            lower(&mut explicit_policy, policies.require_explicit);
            lower(&mut policy_mapping, policies.inhibit_mapping);
            lower(&mut inhibit_any, policies.inhibit_any);
        } else {
            explicit_policy = explicit_policy.saturating_sub(1);
            if policies.require_explicit == Some(0) {
                explicit_policy = 0;
            }
        }
        levels.push(level);
    }
    if explicit_policy > 0 {
        return Ok(());
    }
    if levels.last().is_none_or(Vec::is_empty) {
        return Err((0, PolicyProblem::NoneValid));
    }
    match inputs.initial.as_deref() {
        Some(initial) if !is_acceptable(&levels, initial) => {
            Err((0, PolicyProblem::NoneAcceptable { initial: initial.to_vec() }))
        }
        _ => Ok(()),
    }
}

/// RFC 9618 5.3, 6.1.3 (d): the next level, from the policies of a certificate.
fn descend<'a>(above: &[PolicyNode<'a>], asserted: &'a [Oid], any_counts: bool) -> Level<'a> {
    let mut expecting: HashMap<&'a [u8], Vec<usize>> = HashMap::new();
    let mut order: Vec<&'a [u8]> = Vec::new();
    for (index, node) in above.iter().enumerate() {
        for policy in &node.expected {
            let parents = expecting.entry(policy).or_insert_with(|| {
                order.push(policy);
                Vec::new()
            });
            parents.push(index);
        }
    }
    let any_above = above.iter().position(|node| node.policy == oid::ANY_POLICY);
    let mut level: Level<'a> = Vec::new();
    let mut asserts_any = false;
    let mut seen: std::collections::HashSet<&'a [u8]> = std::collections::HashSet::new();
    for policy in asserted.iter().map(Oid::as_bytes) {
        if policy == oid::ANY_POLICY {
            asserts_any = true;
            continue;
        }
        if !seen.insert(policy) {
            continue;
        }
        // (1)(i), and (1)(ii) where nothing expects the policy
        match (expecting.get(policy), any_above) {
            (Some(parents), _) => level.push(PolicyNode::new(policy, parents.clone())),
            (None, Some(any)) => level.push(PolicyNode::new(policy, vec![any])),
            (None, None) => {}
        }
    }
    if asserts_any && any_counts {
        // (2)
        for policy in order {
            if !seen.contains(policy) {
                let parents = expecting.remove(policy).unwrap_or_default();
                level.push(PolicyNode::new(policy, parents));
            }
        }
    }
    level
}

/// RFC 9618 5.4, 6.1.4 (b): applies the mappings of a certificate to its level.
fn map<'a>(level: &mut Level<'a>, above: &[PolicyNode<'a>], mappings: &'a [(Oid, Oid)], allowed: bool) {
    let mut by_issuer: HashMap<&'a [u8], Vec<&'a [u8]>> = HashMap::new();
    for (issuer, subject) in mappings {
        by_issuer.entry(issuer.as_bytes()).or_default().push(subject.as_bytes());
    }
    if by_issuer.is_empty() {
        return;
    }
    if !allowed {
        level.retain(|node| !by_issuer.contains_key(node.policy));
        return;
    }
    for node in level.iter_mut() {
        if let Some(subjects) = by_issuer.remove(node.policy) {
            node.expected = subjects;
        }
    }
    let any_above = above.iter().position(|node| node.policy == oid::ANY_POLICY);
    if let (Some(any), Some(_)) = (any_above, any_policy(level)) {
        let mut rest: Vec<_> = by_issuer.into_iter().collect();
        rest.sort_unstable();
        level.extend(rest.into_iter().map(|(policy, expected)| PolicyNode { policy, expected, parents: vec![any] }));
    }
}

/// RFC 9618 5.5, 6.1.5 (g): whether a policy that the caller asks for, in the anchor's domain, holds for the certificate.
fn is_acceptable(levels: &[Level<'_>], initial: &[Oid]) -> bool {
    let acceptable = |policy: &[u8]| initial.iter().any(|wanted| wanted.as_bytes() == policy);
    if acceptable(oid::ANY_POLICY) || levels.last().is_some_and(|level| any_policy(level).is_some()) {
        return !initial.is_empty();
    }
    let mut reached: Vec<bool> = levels.last().map(|level| vec![true; level.len()]).unwrap_or_default();
    for pair in levels.windows(2).rev() {
        let [above, level] = pair else { continue };
        let any = any_policy(above);
        let mut next = vec![false; above.len()];
        for (node, _) in level.iter().zip(&reached).filter(|(_, reached)| **reached) {
            let from_any = node.parents.iter().any(|parent| Some(*parent) == any);
            if from_any && acceptable(node.policy) {
                return true;
            }
            for parent in node.parents.iter().filter(|parent| Some(**parent) != any) {
                if let Some(slot) = next.get_mut(*parent) {
                    *slot = true;
                }
            }
        }
        reached = next;
    }
    false
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/policies.rs"]
mod tests;
