//! What is kept of one certificate's walk over the CRLs says the same of the next one as a walk of its own.

use super::*;
use crate::revocation::recall::{Record, WalkEnd};
use proptest::prelude::*;

const POINTS: [&str; 2] = ["http://pki.contoso.com/1.crl", "http://pki.contoso.com/2.crl"];

/// A CRL by small numbers, each of which chooses one of its features.
#[derive(Debug, Clone)]
struct Recipe {
    number: u64,
    days: (i64, i64),
    entries: Vec<(i128, u8)>,
    scope: u8,
    kind: u8,
    key: Key,
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let entries = prop::collection::vec((5i128..9, 0u8..4), 0..3);
    (1u64..5, (-3i64..3, -1i64..4), entries, 0u8..7, 0u8..5, prop::sample::select(vec![CA, CA, CA, OTHER]))
        .prop_map(|(number, days, entries, scope, kind, key)| Recipe { number, days, entries, scope, kind, key })
}

fn built(recipe: &Recipe) -> Crl {
    let mut builder = crl(recipe.number);
    let now = instant("2026-01-15T00:00:00Z");
    builder.this_update = now + recipe.days.0 * 86_400;
    builder.next_update = Some(now + recipe.days.1 * 86_400);
    for (serial, kind) in &recipe.entries {
        builder = builder.entry(match kind {
            0 => Entry::on_hold(*serial),
            1 => Entry::removed(*serial),
            _ => Entry::new(*serial),
        });
    }
    let mut point = IssuingPoint::default();
    match recipe.scope {
        0 => point.point = Point::uri(POINTS[0]),
        1 => point.point = Point::uri(POINTS[1]),
        2 => point.only_ca = true,
        3 => point.only_reasons = Some(vec![1, 2]),
        4 => point.only_reasons = Some(vec![3, 4, 5, 6, 7, 8]),
        _ => {}
    }
    if recipe.scope < 5 {
        builder = builder.with(extension::issuing_distribution_point(&point));
    }
    builder = match recipe.kind {
        0 => builder.with(extension::delta_indicator(recipe.number - 1)),
        1 => builder.with(extension::freshest_crl(&[Point::uri("http://pki.contoso.com/CA+.crl")])),
        _ => builder,
    };
    Crl::from_der(&builder.sign(recipe.key)).unwrap()
}

fn certificate(serial: i128, point: u8) -> Certificate {
    issued(Cert::client("CN=PC1", Key::Toy(9)).serial(serial), point)
}

/// One that has the CA's name and may sign CRLs: the status of another may hang on it, and its own on itself.
fn namesake(serial: i128, point: u8) -> Certificate {
    issued(Cert::new(ca().subject, OTHER).serial(serial).with(extension::key_usage(&[6])), point)
}

fn issued(leaf: Cert, point: u8) -> Certificate {
    let leaf = match point {
        0 => leaf,
        1 => leaf.with(extension::cdp(POINTS[0])),
        _ => leaf.with(extension::crl_distribution_points(&[Point::uri(POINTS[0]), Point::uri(POINTS[1])])),
    };
    read(&leaf.issued_by(&ca()))
}

proptest! {
    #[test]
    fn a_walk_that_is_recalled_says_what_a_walk_of_its_own_says(
        recipes in prop::collection::vec(recipe(), 4..9),
        leaves in prop::collection::vec((5i128..10, 0u8..3), 2..8),
        optional in any::<bool>(),
        same_name in any::<bool>(),
        namesakes in any::<bool>(),
        apart in any::<bool>(),
    ) {
        let mut world = World::new();
        world.crls = recipes.iter().map(built).collect();
        if optional {
            world = world.set(|settings| settings.delta = DeltaCrl::Optional);
        }
        let make = if namesakes { namesake } else { certificate };
        if same_name {
            // The first of those that are judged may sign for the others; before it a signer that hangs on the root's CRL.
            world = world.same_name().crl_by(&CrlBuilder::of(&root(), 1), ROOT);
            if apart {
                world = world.signer(Cert::new(ca().subject, OTHER).serial(1).with(extension::key_usage(&[6])));
            }
            let first = leaves.first().map(|(serial, point)| make(*serial, *point));
            let above = world.path[1..].to_vec();
            world.signers.extend(first.map(|first| [vec![first], above].concat()));
        }
        world.check(|check, path| {
            for (serial, point) in leaves {
                let leaf = make(serial, point);
                let path = [&leaf, path[1], path[2]];
                let status = |walks| {
                    let mut work = Work::default();
                    let check = RevocationCheck { walks, ..*check };
                    (check.certificate(&path, 0, super::super::check::issuer_key(&leaf), &mut work), work.spent)
                };
                prop_assert_eq!(status(check.walks), status(None));
            }
            Ok(())
        })?;
    }
}

proptest! {
    /// A CA that divides its CRLs: those that are passed over are noted and counted as if each had been looked at.
    #[test]
    fn what_is_passed_over_is_noted_and_counted_as_if_it_had_been_looked_at(
        points in prop::collection::vec((0u64..70, 0u8..6), 34..60),
        others in prop::collection::vec(recipe(), 0..6),
        named in prop::collection::vec(0u8..7, 0..3),
        serial in 5i128..10,
        short_of in 0usize..120,
    ) {
        let url = |number: u8| format!("http://pki.contoso.com/part/{number}.crl");
        let part = |(number, name): (u64, u8)| {
            let point = IssuingPoint { point: Point::uri(&url(name)), ..IssuingPoint::default() };
            let crl = crl(number).with(extension::issuing_distribution_point(&point));
            let crl = if number % 7 == 0 { crl.revoke(7) } else { crl };
            Crl::from_der(&crl.sign(CA)).unwrap()
        };
        let mut world = World::new();
        world.crls = points.into_iter().map(part).chain(others.iter().map(built)).collect();
        let leaf = Cert::client("CN=PC1", Key::Toy(9)).serial(serial);
        let leaf = if named.is_empty() { leaf } else {                 let named: Vec<Point> = named.iter().map(|name| Point::uri(&url(*name))).collect();
                leaf.with(extension::crl_distribution_points(&named))
             };
        let leaf = read(&leaf.issued_by(&ca()));
        let one_by_one = Crls::new(world.crls.iter().cloned()).without_partitions();
        world.check(|check, path| {
            let path = [&leaf, path[1], path[2]];
            // With all that a certificate has, and where it runs out on the way.
            for left in [10_000, short_of] {
                let status = |crls| {
                    let mut work = Work::default();
                    work.spend(Budget::Crls, 10_000 - left).unwrap();
                    let check = RevocationCheck { walks: None, crls, ..*check };
                    (check.certificate(&path, 0, super::super::check::issuer_key(&leaf), &mut work), work.spent)
                };
                prop_assert_eq!(status(check.crls), status(&one_by_one));
            }
            Ok(())
        })?;
    }
}

/// A budget that runs out, does so for each of them, at the same place.
#[test]
fn v10_what_ran_out_for_one_runs_out_for_the_next() {
    let mut world = World::new();
    let early =
        |number: u64| Crl::from_der(&crl(number).current("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z").sign(CA));
    world.crls = (0..200).map(|number| early(number).unwrap()).collect();
    world.check(|check, path| {
        for serial in 5..8 {
            let leaf = certificate(serial, 1);
            let status = check.certificate(
                &[&leaf, path[1], path[2]],
                0,
                super::super::check::issuer_key(&leaf),
                &mut Work::default(),
            );
            assert!(matches!(status, Err(RevocationFailure::Budget { budget: Budget::CrlSignatures })), "{status:?}");
        }
    });
}

/// V-10: work goes on from what was spent before, and a walk is written down with what it took itself.
#[test]
fn v10_what_was_spent_before_a_walk_is_counted_once() {
    let mut work = Work::default();
    work.spend(Budget::Crls, 3).expect("a few");
    let before = work.spent.clone();
    let mut work = Work::after(before.clone());
    assert_eq!(work.spent, before);

    let mut record = Record::begin(&work.spent);
    work.spend(Budget::Crls, 2).expect("a few");
    let complete = Crl::from_der(&crl(1).sign(CA)).expect("a CRL");
    record.look_up(&complete, None, false, &work.spent);
    record.go_on(&work.spent);
    let walk = record.end(&work.spent, |_| WalkEnd::Open).expect("anybody's walk");
    assert_eq!(walk.looked_up.iter().map(|one| one.spent.clone()).collect::<Vec<_>>(), [work.spent.since(&before)]);
    assert_eq!(walk.last, Spent::default());
}
