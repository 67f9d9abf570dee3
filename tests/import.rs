//! Windows exports: what independent writers wrote is read back, and damage costs no more than itself.

mod damage;
mod exports;
mod hostile;
mod registry_text;
