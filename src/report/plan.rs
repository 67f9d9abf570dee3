//! A plan for people: each change numbered, why, what to paste, and what was then seen.

use super::page::{Page, Tone};
use crate::change::Change;
use crate::plan::{End, NoPlan, Plan};
use crate::rules::Rule;
use crate::shown::one_line;
use crate::text::{Property, quote_for_cmd, quote_for_powershell};

/// What has to be done, each change as it was carried out in the model, and what was then seen (E-1).
pub(super) fn write(page: &mut Page, plan: &Result<Plan, NoPlan>, title: &str) {
    page.blank();
    let plan = match plan {
        Ok(plan) if plan.steps.is_empty() && plan.end == End::Selected => {
            page.wrapped("nothing has to be done", 0, 2, Some(Tone::Good));
            return;
        }
        Ok(plan) => plan,
        Err(why) => {
            page.wrapped(&format!("no plan: {why} [{}]", Rule::E1), 0, 2, Some(Tone::Doubtful));
            return;
        }
    };
    page.wrapped(title, 0, 2, Some(Tone::Strong));
    for (number, step) in (1..).zip(&plan.steps) {
        let lead = format!("{number:>3}. ");
        let hang = lead.chars().count();
        page.put(&lead);
        page.wrapped(&step.change.to_string(), hang, hang, Some(Tone::Good));
        page.put(&" ".repeat(hang));
        page.wrapped(&format!("because: {}", step.because.brief()), hang, hang, Some(Tone::Quiet));
        if let Some((property, value)) = step.change.property() {
            paste(page, &[(property, value)]);
        }
    }
    let properties: Vec<(Property, String)> = plan.steps.iter().filter_map(|step| step.change.property()).collect();
    if properties.len() > 1 {
        page.line("     all properties in one line");
        paste(page, &properties);
    }
    page.put("     ");
    page.wrapped(&plan.end.to_string(), 5, 5, Some(Tone::Strong));
}

/// What has to be done where no certificate could be mended.
pub(super) fn write_request(page: &mut Page, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    page.blank();
    page.wrapped("what to do (it was tried on a model of this machine)", 0, 2, Some(Tone::Strong));
    for (number, change) in (1..).zip(changes) {
        page.put(&format!("{number:>3}. "));
        page.wrapped(&change.to_string(), 5, 5, Some(Tone::Good));
        if let Some(property) = change.property() {
            paste(page, &[property]);
        }
    }
    page.put("     ");
    page.wrapped(&End::Selected.to_string(), 5, 5, Some(Tone::Strong));
}

/// What is pasted, not wrapped: a line is pasted whole.
fn paste(page: &mut Page, properties: &[(Property, String)]) {
    let cmd = properties.iter().map(|(property, value)| quote_for_cmd(*property, value));
    let powershell = properties.iter().map(|(property, value)| quote_for_powershell(*property, value));
    let (cmd, powershell) = (cmd.collect::<Vec<_>>().join(" "), powershell.collect::<Vec<_>>().join(", "));
    page.line(&format!("     cmd:        ccmsetup.exe {}", one_line(&cmd)));
    page.line(&format!("     PowerShell: Start-Process ccmsetup.exe -ArgumentList {}", one_line(&powershell)));
}
