//! Shapes made to grow badly, each measured at some size and at twice that: of what takes n log n the ratio is at most 2.3.

use super::corpus::support::pki::*;
use ccmcertsel::settings::{CrlSigner, OnMultiple, Revocation};
use ccmcertsel::{
    Certificate, Crl, Crls, IssuersList, Machine, Selector, Settings, Stores, Timestamp, VerificationCache,
};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const NOW: &str = "2026-01-15T09:00:00Z";
const UNTIL: &str = "2100-01-01T00:00:00Z";

/// A machine in parts, from which each round makes a selector of its own.
struct Case {
    stores: Arc<Stores>,
    crls: Arc<Crls>,
    settings: Settings,
}

struct Shape {
    name: &'static str,
    size: usize,
    make: fn(usize) -> Case,
    ask: fn(&Selector),
}

const SHAPES: [Shape; 22] = [
    Shape { name: "CAs of one name, a leaf of each", size: 2_000, make: same_name, ask: select },
    Shape { name: "the same, audited", size: 2_000, make: same_name, ask: audit },
    Shape { name: "the same, none names its key (V-10)", size: 1_000, make: nameless, ask: audit },
    Shape { name: "the same, with a CRL of each CA", size: 1_000, make: nameless_crls, ask: audit },
    Shape { name: "listed certificates, renewed roots (I-11)", size: 2_000, make: renewed_roots, ask: select },
    Shape { name: "listed certificates, roots of other keys (I-6)", size: 2_000, make: other_keys, ask: select },
    Shape { name: "text entries, roots in another case (I-4)", size: 2_000, make: other_case, ask: select },
    Shape { name: "text entries, no root fits one", size: 2_000, make: other_names, ask: select },
    Shape { name: "CRLs and signers of one name (`same-name`)", size: 1_000, make: signers, ask: select },
    Shape { name: "timeline of certificates", size: 2_000, make: leaves, ask: timeline },
    Shape { name: "timeline, CRLs of foreign CAs", size: 2_000, make: foreign_crls, ask: timeline },
    Shape { name: "timeline, certificates and CRLs of foreign CAs", size: 2_000, make: both, ask: timeline },
    Shape { name: "certificates and CRLs of one CA, all out of date", size: 1_000, make: archive, ask: select },
    Shape { name: "the same, CRLs of any signer (`same-name`)", size: 1_000, make: archive_by_name, ask: select },
    Shape { name: "certificates and CRLs of one CA, the last one's point", size: 1_000, make: last_point, ask: select },
    Shape { name: "certificates and CRLs of one CA, a point each", size: 1_000, make: points, ask: select },
    Shape { name: "timeline, certificates and CRLs of one CA", size: 1_000, make: own_crls, ask: timeline },
    Shape { name: "usages of one certificate, and of its CA", size: 20_000, make: usages, ask: audit },
    Shape { name: "entries of one serial in a CRL", size: 2_000, make: equal_serials, ask: select },
    Shape { name: "suggest", size: 2_000, make: leaves, ask: suggest },
    Shape { name: "suggest for a hundred of them", size: 1_000, make: leaves, ask: suggest_many },
    Shape { name: "plan for the last of them", size: 2_000, make: leaves, ask: plan },
];

/// A table of the shapes that have this in their names.
pub fn measure(share: usize, named: &str) {
    println!("\n| shape | n | time | 2n | time | ratio | of 2n each |\n|---|---|---|---|---|---|---|");
    for Shape { name, size, make, ask } in SHAPES.into_iter().filter(|shape| shape.name.contains(named)) {
        let size = (size / share).max(4);
        let (once, twice) = (best(&make(size), ask), best(&make(2 * size), ask));
        let ratio = twice.as_secs_f64() / once.as_secs_f64();
        let each = twice / (2 * size) as u32;
        println!("| {name} | {size} | {once:.1?} | {} | {twice:.1?} | {ratio:.2} | {each:.1?} |", 2 * size);
    }
}

fn best(case: &Case, ask: fn(&Selector)) -> Duration {
    let round = |_| {
        let cache = Arc::new(VerificationCache::new(toy_algorithms()));
        let begin = Clock::new();
        let selector =
            Selector::with_cache(Arc::clone(&case.stores), Machine::new("PC1"), case.settings.clone(), cache)
                .with_crls(Arc::clone(&case.crls))
                .with_readings();
        ask(&selector);
        begin.elapsed()
    };
    (0..3).map(round).min().unwrap_or_default()
}

/// The processor's time for this thread, where the system says it: on a busy machine two times of a wall clock have no ratio.
struct Clock {
    wall: Instant,
    processor: Option<Duration>,
}

impl Clock {
    fn new() -> Self {
        Clock { wall: Instant::now(), processor: Clock::processor() }
    }

    fn processor() -> Option<Duration> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    }

    fn elapsed(&self) -> Duration {
        let processor = self.processor.zip(Clock::processor()).map(|(begin, end)| end.saturating_sub(begin));
        // The system counts in steps of some milliseconds.
        processor.filter(|time| *time > Duration::from_millis(20)).unwrap_or_else(|| self.wall.elapsed())
    }
}

fn now() -> Timestamp {
    NOW.parse().expect("RFC 3339")
}

fn select(selector: &Selector) {
    black_box(selector.select(now()));
}

fn audit(selector: &Selector) {
    black_box(selector.audit(now()));
}

fn timeline(selector: &Selector) {
    black_box(selector.timeline(now(), UNTIL.parse().expect("RFC 3339")));
}

fn suggest(selector: &Selector) {
    let last = selector.ranked().last().expect("a certificate");
    let _ = black_box(selector.suggest(last, now()));
}

fn suggest_many(selector: &Selector) {
    for id in selector.ranked().take(100) {
        let _ = black_box(selector.suggest(id, now()));
    }
}

fn plan(selector: &Selector) {
    let last = selector.ranked().last().expect("a certificate");
    let _ = black_box(selector.plan(last, now()));
}

/// A machine of these stores, without CRLs.
fn case(my: Vec<Vec<u8>>, cas: Vec<Vec<u8>>, roots: Vec<Vec<u8>>) -> Case {
    let mut stores = Stores::builder();
    for (store, certificates) in [("MY", my), ("CA", cas), ("ROOT", roots)] {
        stores.add_store(store);
        for der in certificates {
            stores.add_der(store, &der);
        }
    }
    let settings = Settings::site_managed().with(Revocation::Off);
    Case { stores: Arc::new(stores.build()), crls: Arc::default(), settings }
}

fn root() -> Cert {
    Cert::ca("CN=Root", Key::Toy(0))
}

fn leaf(number: usize) -> Cert {
    Cert::client(format!("CN=PC1; OU=Unit {number}").as_str(), Key::Toy(1)).serial(number as i128 + 10)
}

fn ca(number: usize) -> Cert {
    Cert::ca("CN=Issuing", Key::Toy(number as u32 + 10)).serial(number as i128 + 10)
}

fn same_name(n: usize) -> Case {
    let leaves = (0..n).map(|number| leaf(number).issued_by(&ca(number))).collect();
    case(leaves, (0..n).map(|number| ca(number).issued_by(&root())).collect(), vec![root().self_sign()])
}

/// Leaves that name no key, of CAs with one name and a key each: the machine has so many signatures for all of them.
fn nameless(n: usize) -> Case {
    let of = |number: usize| leaf(number).issuer("CN=Issuing").sign(Key::Toy(number as u32 + 10));
    let cas = (0..n).map(|number| ca(number).issued_by(&root())).collect();
    case((0..n).map(of).collect(), cas, vec![root().self_sign()])
}

fn nameless_crls(n: usize) -> Case {
    let crls = (0..n).map(|number| CrlBuilder::of(&ca(number), 1).sign(Key::Toy(number as u32 + 10)));
    let of_root = CrlBuilder::of(&root(), 1).sign(Key::Toy(0));
    with_crls(same_name(n), crls.chain([of_root]).collect())
}

/// As many usages as there may be, none of which a client wants.
fn usages(n: usize) -> Case {
    let many: Vec<String> = (0..n).map(|number| format!("1.3.6.1.4.1.99999.{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let usages = || extension::eku(&many);
    let issuing = ca(0).with(usages());
    let leaves = (0..10).map(|number| leaf(number).replace(usages()).issued_by(&issuing)).collect();
    case(leaves, vec![issuing.issued_by(&root())], vec![root().self_sign()])
}

fn leaves(n: usize) -> Case {
    let of = |number: usize| {
        let begin = instant("2025-06-01T00:00:00Z");
        leaf(number).valid_seconds(begin + number as i64, begin + 40_000_000 + 7 * number as i64).issued_by(&root())
    };
    case((0..n).map(of).collect(), Vec::new(), vec![root().self_sign()])
}

fn nth_root(number: usize) -> Cert {
    Cert::ca(format!("CN=Root {number}; O=Contoso").as_str(), Key::Toy(number as u32 + 10))
}

/// A leaf under each root, and a list of what `listed` makes of the roots.
fn listed(n: usize, listed: impl Fn(usize) -> Vec<u8>) -> Case {
    let leaves = (0..n).map(|number| leaf(number).issued_by(&nth_root(number))).collect();
    let mut case = case(leaves, Vec::new(), (0..n).map(|number| nth_root(number).self_sign()).collect());
    let listed: Vec<Certificate> =
        (0..n).map(|number| Certificate::from_der(&listed(number)).expect("a certificate")).collect();
    case.settings = case.settings.with_issuers(IssuersList::from_certificates(&listed).expect("a list"));
    case
}

fn renewed_roots(n: usize) -> Case {
    listed(n, |number| nth_root(number).serial(77).self_sign())
}

fn other_keys(n: usize) -> Case {
    listed(n, |number| Cert { key: Key::Toy(9), ..nth_root(number) }.self_sign())
}

fn other_case(n: usize) -> Case {
    let mut case = renewed_roots(n);
    let text: Vec<String> = (0..n).map(|number| format!("CN=ROOT {number}; O=Contoso")).collect();
    let list: IssuersList = text.join(" | ").parse().expect("a list");
    case.settings = case.settings.with_issuers(list);
    case
}

fn other_names(n: usize) -> Case {
    let mut case = renewed_roots(n);
    let text: Vec<String> = (0..n).map(|number| format!("CN=Root {number}; O=Fabrikam")).collect();
    let list: IssuersList = text.join(" | ").parse().expect("a list");
    case.settings = case.settings.with_issuers(list);
    case
}

fn with_crls(case: Case, crls: Vec<Vec<u8>>) -> Case {
    let crls = Crls::new(crls.iter().map(|der| Crl::from_der(der).expect("a CRL")));
    let settings = case.settings.with(Revocation::Check);
    Case { crls: Arc::new(crls), settings, ..case }
}

fn signers(n: usize) -> Case {
    let crls = (0..n).map(|number| CrlBuilder::of(&ca(number), 1).sign(Key::Toy(number as u32 + 10)));
    let of_root = CrlBuilder::of(&root(), 1).sign(Key::Toy(0));
    let case = with_crls(same_name(n), crls.chain([of_root]).collect());
    let settings = case.settings.with(CrlSigner::SameName).with(OnMultiple::Fail);
    Case { settings, ..case }
}

fn foreign_crls(n: usize) -> Case {
    timed(100, n)
}

fn both(n: usize) -> Case {
    timed(n, n)
}

/// So many certificates of one CA, and so many CRLs of CAs that none of them has above it.
fn timed(certificates: usize, n: usize) -> Case {
    let foreign = |number: usize| {
        let begin = instant("2026-01-01T00:00:00Z");
        let crl = CrlBuilder::of(&nth_root(number), 1).change(|crl| {
            crl.this_update = begin + number as i64;
            crl.next_update = Some(begin + 2_000_000 + 11 * number as i64);
        });
        crl.sign(Key::Toy(number as u32 + 10))
    };
    let own = CrlBuilder::of(&root(), 1).sign(Key::Toy(0));
    with_crls(leaves(certificates), (0..n).map(foreign).chain([own]).collect())
}

/// Certificates of a CA that has published as many CRLs, week after week.
fn own_crls(n: usize) -> Case {
    published("2026-01-01T00:00:00Z", n)
}

/// The same, the last of which ran out years ago.
fn archive(n: usize) -> Case {
    published("1980-01-01T00:00:00Z", n)
}

fn archive_by_name(n: usize) -> Case {
    let case = archive(n);
    Case { settings: case.settings.with(CrlSigner::SameName), ..case }
}

fn published(first: &str, n: usize) -> Case {
    const DAY: i64 = 86_400;
    let of = |number: usize| {
        let crl = CrlBuilder::of(&root(), number as u64 + 1).revoke(7).change(|crl| {
            crl.this_update = instant(first) + number as i64 * DAY;
            crl.next_update = Some(crl.this_update + 2 * DAY);
        });
        crl.sign(Key::Toy(0))
    };
    let end = instant("2099-01-01T00:00:00Z");
    let leaves = (0..n).map(|number| leaf(number).valid_seconds(instant("2025-01-01T00:00:00Z"), end + number as i64));
    let leaves = leaves.map(|leaf| leaf.issued_by(&root())).collect();
    with_crls(case(leaves, Vec::new(), vec![root().self_sign()]), (0..n).map(of).collect())
}

/// A CA that has divided its CRLs, and certificates that name the last of them.
fn last_point(n: usize) -> Case {
    divided(n, |_| n - 1)
}

/// The same, and each names another one.
fn points(n: usize) -> Case {
    divided(n, |number| number)
}

fn divided(n: usize, named: impl Fn(usize) -> usize) -> Case {
    let url = |number: usize| format!("http://pki.contoso.com/{number}.crl");
    let of = |number: usize| {
        let point = extension::IssuingPoint { point: Point::uri(&url(number)), ..Default::default() };
        let crl = CrlBuilder::of(&root(), (n - number) as u64).with(extension::issuing_distribution_point(&point));
        crl.sign(Key::Toy(0))
    };
    let leaves =
        (0..n).map(|number| leaf(number).with(extension::cdp(&url(named(number)))).issued_by(&root())).collect();
    with_crls(case(leaves, Vec::new(), vec![root().self_sign()]), (0..n).map(of).collect())
}

fn equal_serials(n: usize) -> Case {
    let mut crl = CrlBuilder::of(&root(), 1);
    crl.entries = Some((0..n).map(|_| Entry::new(7)).collect());
    let leaves = (0..n / 10).map(|number| leaf(number).serial(7).issued_by(&root())).collect();
    with_crls(case(leaves, Vec::new(), vec![root().self_sign()]), vec![crl.sign(Key::Toy(0))])
}
