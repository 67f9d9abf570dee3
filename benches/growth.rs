//! Target 5: how `select` and `winner` grow with the store, and with the CRL, and whatever is made to grow badly. Prints
//! tables, and draws `growth.svg`. `CCMCERTSEL_BENCH_SHAPES=1` measures the shapes alone,
//! another value those that have it in their names.
//!
//! Its own few lines instead of criterion: a hundred thousand certificates take seconds, and the plot needs the numbers.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
#![allow(clippy::disallowed_methods)] // a bench measures time and writes files

mod corpus;
#[path = "growth/shapes.rs"]
mod shapes;

use ccmcertsel::settings::Revocation;
use ccmcertsel::{Algorithms, Crls, Selector, Stores, VerificationCache};
use corpus::{CaKey, Pki, size};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One line of the plot: its name, and a point for each size.
type Line = (&'static str, Vec<(usize, Duration)>);

/// The best of a few: everything else is other work on the machine.
fn best<T>(rounds: usize, mut prepare: impl FnMut() -> T, mut run: impl FnMut(&T)) -> Duration {
    let round = |_| {
        let prepared = prepare();
        let begin = Instant::now();
        run(&prepared);
        begin.elapsed()
    };
    (0..rounds).map(round).min().unwrap_or_default()
}

struct Case {
    stores: Arc<Stores>,
    crls: Arc<Crls>,
    cache: Arc<VerificationCache>,
}

impl Case {
    fn selector(&self) -> Selector {
        let settings = corpus::settings(Revocation::Check);
        Selector::with_cache(Arc::clone(&self.stores), corpus::machine(), settings, Arc::clone(&self.cache))
            .with_crls(Arc::clone(&self.crls))
    }

    /// Time of `select`, of the first and the second `winner`, and of the first after other work, which leaves nothing in
    /// a core's cache: a selector of many certificates does the same when it is made.
    fn measure(&self) -> [Duration; 4] {
        let _ = self.selector().winner(corpus::now()); // CAs and CRLs are verified
        let select = best(3, || self.selector(), |selector| drop(black_box(selector.select(corpus::now()))));
        let first = best(25, || self.selector(), |selector| _ = black_box(selector.winner(corpus::now())));
        let warm = self.selector();
        let again = || (0..1000).for_each(|_| _ = black_box(warm.winner(corpus::now())));
        again();
        let again = best(5, || (), |()| again()) / 1000;
        let after_other_work = || {
            let selector = self.selector();
            black_box(vec![1u8; 8 << 20]);
            selector
        };
        let uncached = best(25, after_other_work, |selector| _ = black_box(selector.winner(corpus::now())));
        [select, first, again, uncached]
    }
}

fn main() {
    let alone = std::env::var("CCMCERTSEL_BENCH_SHAPES").ok();
    let named = alone.as_deref().filter(|part| *part != "1").unwrap_or_default();
    shapes::measure(if corpus::is_trial() { 100 } else { 1 }, named);
    if alone.is_some() {
        return;
    }
    let pki = Pki::new(CaKey::Rsa2048);
    let all = pki.leaves(size(100_000));
    let cache = Arc::new(VerificationCache::new(Algorithms::default()));
    let names = ["select", "winner, first", "winner, again"];
    let mut by_size: Vec<Line> = names.map(|name| (name, Vec::new())).into();
    println!("| certificates | select | a certificate | winner, first | after other work | winner, again |");
    println!("|---|---|---|---|---|---|");
    let small = Arc::new(Crls::new(pki.crls(size(1_000))));
    for count in [10, 100, 1_000, 10_000, 100_000].into_iter().filter(|count| *count <= all.len()) {
        let case = Case {
            stores: pki.stores(all.get(..count).unwrap_or(&all)),
            crls: Arc::clone(&small),
            cache: Arc::clone(&cache),
        };
        let times = case.measure();
        let [select, first, again, uncached] = times;
        println!(
            "| {count} | {select:.1?} | {:.1?} | {first:.1?} | {uncached:.1?} | {again:.1?} |",
            select / count as u32
        );
        by_size.iter_mut().zip(times).for_each(|((_, line), time)| line.push((count, time)));
    }
    println!("\n| entries of the CRL | select of 1,000 | winner, first |\n|---|---|---|");
    let mut by_entries: Line = ("select of 1,000, by entries of the CRL", Vec::new());
    let stores = pki.stores(all.get(..1_000).unwrap_or(&all));
    for entries in [10, 100, 1_000, 10_000, 100_000].into_iter().filter(|entries| *entries <= size(100_000)) {
        let case = Case {
            stores: Arc::clone(&stores),
            crls: Arc::new(Crls::new(pki.crls(entries))),
            cache: Arc::clone(&cache),
        };
        let [select, first, ..] = case.measure();
        println!("| {entries} | {select:.1?} | {first:.1?} |");
        by_entries.1.push((entries, select));
    }
    by_size.push(by_entries);
    if !corpus::is_trial() && size(100_000) == 100_000 {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/growth.svg");
        std::fs::write(path, draw(&by_size)).expect("a file to draw into");
    }
}

/// A plot with logarithmic axes: 10 to 100,000 to the right, 10 ns to 10 s upwards.
fn draw(lines: &[Line]) -> String {
    let x = |size: usize| 70.0 + ((size as f64).log10() - 1.0) * 120.0;
    let y = |time: Duration| 420.0 - (time.as_secs_f64().max(1e-8).log10() + 8.0) * 42.0;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"480\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"820\" height=\"480\" fill=\"white\"/>\n",
    );
    let units = ["10 ns", "100 ns", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s"];
    for (row, unit) in units.iter().enumerate() {
        let at = 420.0 - row as f64 * 42.0;
        let _ = writeln!(
            svg,
            "<path d=\"M70 {at}H550\" stroke=\"#ddd\"/><text x=\"64\" y=\"{}\" text-anchor=\"end\">{unit}</text>",
            at + 4.0
        );
    }
    for count in [10, 100, 1_000, 10_000, 100_000] {
        let at = x(count);
        let _ = writeln!(
            svg,
            "<path d=\"M{at} 42V420\" stroke=\"#ddd\"/><text x=\"{at}\" y=\"438\" text-anchor=\"middle\">{count}</text>"
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"310\" y=\"460\" text-anchor=\"middle\">certificates in the store (RSA-2048), or entries of the CRL</text>"
    );
    for ((name, line), colour) in lines.iter().zip(["#c03", "#06c", "#090", "#960"]) {
        let points: Vec<String> = line.iter().map(|(size, time)| format!("{:.1},{:.1}", x(*size), y(*time))).collect();
        let last = line.last().map_or(420.0, |(_, time)| y(*time));
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        let _ = writeln!(svg, "<text x=\"560\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>", last + 4.0);
    }
    svg.push_str("</svg>\n");
    svg
}
