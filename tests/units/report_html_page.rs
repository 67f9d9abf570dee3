use super::*;

fn fleet(machines: usize, options: PageOptions) -> (Vec<DetailPage>, FinishedPage) {
    let mut page = FleetPage::new(options);
    let mut pages = Vec::new();
    for number in 0..machines {
        let mut machine = MachinePart::unjudged(&format!("PC{number}"), "no such file");
        machine.details = format!("<p>details of {number}</p>");
        pages.extend(page.add(machine));
    }
    let finished = page.finish();
    pages.extend(finished.details.clone());
    (pages, finished)
}

#[test]
fn details_beyond_the_number_go_to_pages_that_the_rows_link_to() {
    let (pages, finished) = fleet(10, PageOptions::default().with_limits(4, 100).with_detail_pages());
    let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["details-1.html", "details-2.html"]);
    assert!(finished.index.contains("details of 3") && !finished.index.contains("details of 4<"));
    assert!(finished.index.contains("href=\"details-1.html#m5\"") && pages[0].html.contains("id=\"m5\""));
    assert!(finished.index.contains("href=\"details-2.html#m10\"") && pages[1].html.contains("details of 9<"));
    for number in 0..10 {
        let places = std::iter::once(&finished.index).chain(pages.iter().map(|page| &page.html));
        assert_eq!(places.map(|html| html.matches(&format!("details of {number}<")).count()).sum::<usize>(), 1);
    }
}

#[test]
fn what_is_left_out_is_counted_and_said() {
    let (pages, finished) = fleet(10, PageOptions::default().with_limits(4, 8));
    assert!(pages.is_empty());
    assert!(finished.index.contains("The certificates of 6 further machines are left out here"));
    assert!(finished.index.contains("2 further machines are counted above and not listed"));
    assert_eq!(finished.index.matches("<tbody id=").count(), 8);
}

#[test]
fn neither_script_nor_style_ends_its_element_or_loads_anything() {
    for text in [SCRIPT, STYLE] {
        for forbidden in ["</", "http:", "https:", "@import", "fetch(", "innerHTML"] {
            assert!(!text.contains(forbidden), "{forbidden}");
        }
    }
}
