//! A plan for people: each change numbered, why, what to paste, and what was then seen.

use super::page::{Page, Tone};
use crate::Rule;
use crate::plan::{End, NoPlan, Plan};
use crate::shown::Shown;
use crate::text::{quote_for_cmd, quote_for_powershell};

/// What has to be done, each change as it was carried out in the model, and what was then seen (E-1).
pub(super) fn write(page: &mut Page, plan: &Result<Plan, NoPlan>, title: &str) {
    page.blank();
    let plan = match plan {
        Ok(plan) if plan.steps().is_empty() && plan.end() == End::Selected => {
            page.wrapped("nothing has to be done", 0, 2, Some(Tone::Good));
            return;
        }
        Ok(plan) => plan,
        Err(why) => {
            page.wrapped(&format!("no plan: {why} [{}]", Rule::E1), 0, 2, Some(Tone::Doubtful));
            return;
        }
    };
    let title = page.tone(Tone::Strong, title);
    page.line(&title);
    for (number, step) in (1..).zip(plan.steps()) {
        let lead = format!("{number:>3}. ");
        let hang = lead.chars().count();
        page.put(&lead);
        page.wrapped(&step.change().to_string(), hang, hang, Some(Tone::Good));
        page.put(&" ".repeat(hang));
        page.wrapped(&format!("because: {}", step.because()), hang, hang, Some(Tone::Quiet));
        if let Some((property, value)) = step.change().property() {
            // Not wrapped: a line is pasted whole.
            let (cmd, powershell) = (quote_for_cmd(property, &value), quote_for_powershell(property, &value));
            page.line(&format!("{}cmd:        ccmsetup.exe {}", " ".repeat(hang), Shown(&cmd)));
            page.line(&format!("{}PowerShell: ccmsetup.exe {}", " ".repeat(hang), Shown(&powershell)));
        }
    }
    page.put("     ");
    page.wrapped(&plan.end().to_string(), 5, 5, Some(Tone::Strong));
}
