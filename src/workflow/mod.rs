//! Workflows: several prompts that build on each other, from one file. Everything that can be known to be wrong is found
//! before the first call; steps that need nothing of each other are asked side by side.
//!
//! Knows neither daemon nor screen: [`run`] asks through [`Asks`], [`foresee`] looks through [`Foresees`], [`plan`] and
//! [`mermaid`] ask nobody.

mod draft;
mod foresee;
mod graph;
mod names;
mod plan;
mod run;
#[cfg(test)]
mod tests;

pub use draft::{Draft, draft};
pub use foresee::{Foreseen, Foresees, foresee};
pub use graph::mermaid;
pub use plan::{Plan, check, plan, read};
pub use run::{Asks, Terms, run, whom};
