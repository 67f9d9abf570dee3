//! A fault of this program is the error of the machine that it happened with, and the others are answered.

use crate::machine::error::InputError;
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    /// Where the last panic of this thread was; the caught value does not say it.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics are told as errors of a machine, and not by the standard library in the middle of the notes.
pub(crate) fn quieten() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        PLACE.set(info.location().map(ToString::to_string));
    }));
}

/// Does the work of one machine.
///
/// What several machines share are caches; each of them is right after any interrupted change (a thread that panicked left
/// correct entries behind), so going on is safe.
///
/// # Errors
/// It panicked: what and where.
pub(crate) fn isolated<T>(work: impl FnOnce() -> T) -> Result<T, InputError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let what = message(&*payload);
        let place = PLACE.take().map(|place| format!(" at {place}")).unwrap_or_default();
        InputError::new(format!("a fault of this program, please report it: {what}{place}"))
    })
}

/// `panic!` gives a text of one of these two types.
fn message(payload: &(dyn Any + Send)) -> &str {
    let formatted = payload.downcast_ref::<String>().map(String::as_str);
    formatted.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("it ended without a message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        assert_eq!(isolated(|| 1), Ok(1));
        let error = isolated(|| assert!(std::hint::black_box(false), "the {}\nis odd", "number")).unwrap_err();
        assert!(error.message.starts_with("a fault of this program, please report it: the number is odd"), "{error}");
    }
}
