//! Changes for people.

use super::{MachineMovement, Snapshot};
use crate::report::fleet::State;
use crate::report::text::{Page, TextOptions, Tone};
use crate::shown::Shown;

fn side(snapshot: &Snapshot) -> String {
    match (&snapshot.selected, snapshot.state) {
        (Some(selected), state) => {
            let digits: String = selected.thumbprint.to_string().chars().take(8).collect();
            format!("{digits} `{}`, {}", selected.issued_to, state.words())
        }
        (None, State::Unjudged) => State::Unjudged.words().to_owned(),
        (None, state) => {
            let reasons: Vec<&str> = snapshot.reasons.iter().copied().collect();
            format!("none, {} ({})", state.words(), reasons.join(", "))
        }
    }
}

impl MachineMovement {
    /// The machine's lines.
    pub(crate) fn render(&self, options: TextOptions) -> String {
        use super::Movement as M;
        let mut page = Page::new(options);
        let tone = match self.movement {
            M::Lost | M::Broken => Tone::Bad,
            M::Gone | M::OtherReasons | M::OtherState => Tone::Doubtful,
            M::OtherCertificate | M::Gained | M::New => Tone::Good,
            M::Same => Tone::Quiet,
        };
        page.wrapped(&format!("{} {}", Shown(&self.machine), self.movement.words()), 0, 2, Some(tone));
        for (word, snapshot) in [("before", &self.before), ("after ", &self.after)] {
            if let Some(snapshot) = snapshot {
                page.put(&format!("  {word}  "));
                page.wrapped(&side(snapshot), 10, 10, None);
            }
        }
        for said in &self.because {
            page.put("  ");
            page.wrapped(said, 2, 4, Some(Tone::Quiet));
        }
        page.finish()
    }
}
