//! Windows exports: what independent writers wrote is read back, and damage costs no more than itself.

mod damage;
mod exports;
mod hostile;
#[cfg(feature = "import")]
mod pfx;
mod registry_text;
